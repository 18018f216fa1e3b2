// The C interface only: qpdf's C++ classes throw across the language border.
#include <qpdf/qpdf-c.h>
