// winscard.h lies in /usr/include/PCSC; libpcsclite.pc gives that path.
#include <winscard.h>
#include <reader.h>
