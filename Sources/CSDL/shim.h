// The include path carries the SDL2 folder so that no pkg-config file is needed:
// sdl2.pc sets flags that SwiftPM refuses and warns about at every build.
#include <SDL2/SDL.h>
#include <SDL2/SDL_image.h>
#include <SDL2/SDL_ttf.h>
