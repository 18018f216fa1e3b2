// libcups2-dev of Debian 12 ships no pkg-config file, so the library is named in the module map.
#include <cups/cups.h>
#include <cups/raster.h>
