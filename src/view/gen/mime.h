/* mime.h: content type of an asset by its name; for the generator and for --dev. */
#ifndef VIEW_GEN_MIME_H
#define VIEW_GEN_MIME_H
#include <string.h>

static inline const char *mime_of(const char *name)
{
  static const char *const types[][2] = {
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
      {".html", "text/html; charset=utf-8"},
  };
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof(types) / sizeof(*types); i++) {
    if (strcmp(dot, types[i][0]) == 0)
      return types[i][1];
  }
  return "application/octet-stream";
}

#endif
