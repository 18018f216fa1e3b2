#pragma once
#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo.h>

/// A font of a file, by FreeType; NULL when it cannot be read. What it stands on goes with it. To be
/// called on one thread at a time.
static inline cairo_font_face_t *ccairo_font(const char *path) {
  static FT_Library library;
  static const cairo_user_data_key_t key;
  FT_Face face;
  if (!library && FT_Init_FreeType(&library) != 0) return NULL;
  if (FT_New_Face(library, path, 0, &face) != 0) return NULL;
  cairo_font_face_t *font = cairo_ft_font_face_create_for_ft_face(face, 0);
  if (cairo_font_face_set_user_data(font, &key, face, (cairo_destroy_func_t)FT_Done_Face) != 0) {
    cairo_font_face_destroy(font);
    FT_Done_Face(face);
    return NULL;
  }
  return font;
}
