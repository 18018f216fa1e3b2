// FreeType names its own headers by macros, and its load targets are macros with arguments, which
// Swift does not import.
#pragma once
#include <ft2build.h>
#include FT_FREETYPE_H

/// Draws a glyph in black and white into the face's slot; 0 when it worked.
static inline FT_Error freetype_draw_monochrome(FT_Face face, FT_ULong character) {
  return FT_Load_Char(face, character, FT_LOAD_RENDER | FT_LOAD_TARGET_MONO);
}
