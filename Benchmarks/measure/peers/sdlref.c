// The peer that draws least: two pages like the kiosk's with SDL2 alone, drawn beforehand (blit),
// in changed rectangles (dirty) or anew each time (software). FONTS is set by the Makefile.
#include <SDL2/SDL.h>
#include <SDL2/SDL_ttf.h>
#include <SDL2/SDL_image.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
static SDL_Renderer*r; static TTF_Font*f[4]; 
typedef struct{SDL_Rect b; const char*t; SDL_Texture*tx,*ic; int fi;} Btn;
static Btn home[6],keys[13]; static int page=1,down=-1; static char nik[17];
static SDL_Color BL={0x0b,0x3d,0x66,255},WH={255,255,255,255};
static SDL_Texture*txt(const char*s,int fi,SDL_Color c){ SDL_Surface*u=TTF_RenderUTF8_Blended(f[fi],s,c); SDL_Texture*t=SDL_CreateTextureFromSurface(r,u); SDL_FreeSurface(u); return t; }
static void put(SDL_Texture*t,int x,int y){ SDL_Rect d={x,y,0,0}; SDL_QueryTexture(t,0,0,&d.w,&d.h); SDL_RenderCopy(r,t,0,&d); }
// filled rounded rectangle, 1 px feather, one SDL_RenderGeometry call
static void rrect(float x,float y,float w,float h,float rad,SDL_Color c){
  enum{S=12,N=4*(S+1)}; SDL_Vertex v[1+2*N]; int ix[N*9],n=0; v[0]=(SDL_Vertex){{x+w/2,y+h/2},c,{0,0}}; SDL_Color z=c; z.a=0;
  for(int q=0;q<4;q++) for(int k=0;k<=S;k++){ float a=(q+(float)k/S)*(float)M_PI/2, cx=(q==0||q==3)?x+w-rad:x+rad, cy=(q<2)?y+h-rad:y+rad; int i=q*(S+1)+k; float ca=cosf(a),sa=sinf(a);
    v[1+i]=(SDL_Vertex){{cx+(rad-.5f)*ca,cy+(rad-.5f)*sa},c,{0,0}}; v[1+N+i]=(SDL_Vertex){{cx+(rad+.5f)*ca,cy+(rad+.5f)*sa},z,{0,0}}; }
  for(int i=0;i<N;i++){ int j=(i+1)%N; ix[n++]=0;ix[n++]=1+i;ix[n++]=1+j; ix[n++]=1+i;ix[n++]=1+N+i;ix[n++]=1+N+j; ix[n++]=1+i;ix[n++]=1+N+j;ix[n++]=1+j; }
  SDL_RenderGeometry(r,0,v,1+2*N,ix,n); }
static void btn(Btn*b,int dn){ SDL_Color bg=dn?(SDL_Color){255,0xc9,0x4a,255}:WH; rrect(b->b.x,b->b.y,b->b.w,b->b.h,24,BL); rrect(b->b.x+4,b->b.y+4,b->b.w-8,b->b.h-8,20,bg);
  int tw,th; SDL_QueryTexture(b->tx,0,0,&tw,&th); int y=b->b.y+b->b.h/2-th/2; if(b->ic){ SDL_Rect d={b->b.x+b->b.w/2-60,b->b.y+60,120,120}; SDL_RenderCopy(r,b->ic,0,&d); y=b->b.y+220; } put(b->tx,b->b.x+b->b.w/2-tw/2,y); }
static void fill(int y,int h,SDL_Color c){ SDL_SetRenderDrawColor(r,c.r,c.g,c.b,255); SDL_Rect d={0,y,1080,h}; SDL_RenderFillRect(r,&d); }
static SDL_Texture*h1[3],*h2[3];
static SDL_Window*win; static int dirtymode;
static void present(SDL_Rect*q){ if(dirtymode==2){ SDL_RenderFlush(r); return; } if(!dirtymode){ SDL_RenderPresent(r); return; } SDL_RenderFlush(r); SDL_Rect all={0,0,1080,1920}; SDL_UpdateWindowSurfaceRects(win,q?q:&all,1); }
static void draw1(int i,int dn){ if(i<0) return; Btn*b=page==1?&home[i]:&keys[i]; SDL_RenderSetClipRect(r,&b->b); btn(b,dn); SDL_RenderSetClipRect(r,0); present(&b->b); }
static void draw(void){ SDL_SetRenderDrawColor(r,0xf2,0xf5,0xf8,255); SDL_RenderClear(r); fill(0,220,BL); put(h1[page],48,48); put(h2[page],48,128);
  if(page==1) for(int i=0;i<6;i++) btn(&home[i],down==i); else { rrect(48,300,984,160,20,BL); rrect(52,304,976,152,16,WH); if(nik[0]){ SDL_Texture*t=txt(nik,3,BL); put(t,80,336); SDL_DestroyTexture(t);} for(int i=0;i<13;i++) btn(&keys[i],down==i); }
  fill(1800,120,page==1?BL:(SDL_Color){0x6b,0x3a,0,255}); present(0); }
static int blitmode; static SDL_Surface*pg[3],*st[3][13][2];
static SDL_Surface*sub(SDL_Rect b){ SDL_Surface*ws=SDL_GetWindowSurface(win),*o=SDL_CreateRGBSurfaceWithFormat(0,b.w,b.h,32,ws->format->format); SDL_BlitSurface(ws,&b,o,0); SDL_SetSurfaceBlendMode(o,SDL_BLENDMODE_NONE); return o; }
static void prerender(void){ int up=dirtymode; dirtymode=1; for(int p=1;p<=2;p++){ page=p; int n=p==1?6:13; Btn*b=p==1?home:keys; for(int d=1;d>=0;d--){ for(int i=0;i<n;i++){ if(d==1&&i==0) draw(); SDL_RenderSetClipRect(r,&b[i].b); SDL_SetRenderDrawColor(r,0xf2,0xf5,0xf8,255); SDL_RenderFillRect(r,&b[i].b); btn(&b[i],d); SDL_RenderFlush(r); st[p][i][d]=sub(b[i].b);} SDL_RenderSetClipRect(r,0);} SDL_Rect all={0,0,1080,1920}; pg[p]=sub(all);} SDL_SetClipRect(SDL_GetWindowSurface(win),0); page=1; dirtymode=up; }
static void blit1(int i,int dn){ if(i<0) return; Btn*b=page==1?&home[i]:&keys[i]; SDL_BlitSurface(st[page][i][dn],0,SDL_GetWindowSurface(win),&(SDL_Rect){b->b.x,b->b.y,0,0}); SDL_UpdateWindowSurfaceRects(win,&b->b,1); }
static void blitpage(void){ int a=SDL_BlitSurface(pg[page],0,SDL_GetWindowSurface(win),0); int b=SDL_UpdateWindowSurface(win); if(getenv("DBG")) fprintf(stderr,"blitpage %d: %d %d %s px %08x clip %d\n",page,a,b,SDL_GetError(),((unsigned*)pg[page]->pixels)[1850*1080+70],SDL_GetWindowSurface(win)->clip_rect.h); }
static int hit(int x,int y){ Btn*b=page==1?home:keys; int n=page==1?6:13; SDL_Point p={x,y}; for(int i=0;i<n;i++) if(SDL_PointInRect(&p,&b[i].b)) return i; return -1; }
#ifdef NOMAIN
int sdlref_main(int c,char**a){
#else
int main(int c,char**a){
#endif
 const char*drv=c>1?a[1]:"software"; SDL_SetHint(SDL_HINT_RENDER_DRIVER,strcmp(drv,"opengl")?"software":"opengl"); SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR,"0"); if(strcmp(drv,"opengl")) SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION,"0");
  if(SDL_Init(SDL_INIT_VIDEO)) { puts(SDL_GetError()); return 1; } TTF_Init(); IMG_Init(0);
  SDL_Window*w=SDL_CreateWindow("adm",0,0,1080,1920,SDL_WINDOW_BORDERLESS|SDL_WINDOW_ALLOW_HIGHDPI); win=w; blitmode=!strcmp(drv,"blit"); dirtymode=blitmode||!strcmp(drv,"dirty"); r=dirtymode?SDL_CreateSoftwareRenderer(SDL_GetWindowSurface(w)):SDL_CreateRenderer(w,-1,0); SDL_RendererInfo ri; SDL_GetRendererInfo(r,&ri); fprintf(stderr,"renderer %s video %s\n",ri.name,SDL_GetCurrentVideoDriver()); SDL_ShowCursor(0);
  char base[512]; ssize_t n=readlink("/proc/self/exe",base,500); base[n]=0; *strrchr(base,'/')=0; char p[700]; SDL_SetRenderDrawBlendMode(r,SDL_BLENDMODE_BLEND);
  const char*fo=FONTS "/Inter-SemiBold.otf",*fr=FONTS "/Inter-Regular.otf"; f[0]=TTF_OpenFont(fo,56);f[1]=TTF_OpenFont(fr,34);f[2]=TTF_OpenFont(fo,42);f[3]=TTF_OpenFont(fo,72); for(int i=0;i<4;i++) if(!f[i]){puts(SDL_GetError());return 1;} 
  const char*T[6][2]={{"queue","Ambil Nomor Antrean"},{"status","Cek Status"},{"print","Cetak Dokumen"},{"info","Info Layanan"},{"complaint","Pengaduan"},{"help","Panggil Petugas"}};
  for(int i=0;i<6;i++){ snprintf(p,700,"%s/icons/%s.svg",base,T[i][0]); SDL_RWops*o=SDL_RWFromFile(p,"rb"); SDL_Surface*s=IMG_LoadSizedSVG_RW(o,120,120); SDL_RWclose(o); home[i]=(Btn){{48+504*(i%2),300+400*(i/2),480,360},T[i][1],txt(T[i][1],2,BL),SDL_CreateTextureFromSurface(r,s),2}; SDL_FreeSurface(s);} 
  const char*K[]={"1","2","3","4","5","6","7","8","9","<","0","OK"}; for(int i=0;i<12;i++) keys[i]=(Btn){{48+340*(i%3),520+216*(i/3),304,180},K[i],txt(K[i],3,BL),0,3}; keys[12]=(Btn){{48,1480,304,180},"Kembali",txt("Kembali",2,BL),0,2};
  h1[1]=txt("Anjungan Dukcapil Mandiri",0,WH);h2[1]=txt("Sentuh salah satu layanan untuk mulai",1,WH);h1[2]=txt("Masukkan NIK",0,WH);h2[2]=txt("16 angka pada KTP-el",1,WH);
  if(blitmode){prerender();blitpage();} else draw(); if(getenv("DUMP")){ if(!blitmode) draw(); SDL_Surface*o=SDL_CreateRGBSurfaceWithFormat(0,1080,1920,32,SDL_PIXELFORMAT_ARGB8888); if(dirtymode) SDL_BlitSurface(SDL_GetWindowSurface(win),0,o,0); else { page=1; SDL_SetRenderDrawColor(r,0,0,0,255); /* read before present */ dirtymode=2; int keep=0; (void)keep; draw(); SDL_RenderReadPixels(r,0,SDL_PIXELFORMAT_ARGB8888,o->pixels,o->pitch);} SDL_SaveBMP(o,getenv("DUMP")); return 0; } SDL_Event e; while(SDL_WaitEvent(&e)){ int dirty=0; do{ switch(e.type){ case SDL_QUIT: return 0; case SDL_WINDOWEVENT: if(e.window.event==SDL_WINDOWEVENT_EXPOSED) dirty=1; break;
      case SDL_MOUSEBUTTONDOWN: down=hit(e.button.x,e.button.y); if(blitmode) blit1(down,1); else if(dirtymode) draw1(down,1); else dirty=1; break; case SDL_MOUSEMOTION: if(down>=0&&hit(e.motion.x,e.motion.y)!=down){ if(blitmode) blit1(down,0); else if(dirtymode) draw1(down,0); else dirty=1; down=-1; } break;
      case SDL_MOUSEBUTTONUP: if(down>=0){ int d=down; down=-1; dirty=1; if(page==1) page=2; else if(d==12) page=1; else { size_t l=strlen(nik); if(d==9){ if(l) nik[l-1]=0; } else if(d<11&&l<16){ nik[l]=K[d][0]; nik[l+1]=0; } } } break; } }while(SDL_PollEvent(&e)); if(dirty){ if(blitmode&&!nik[0]) blitpage(); else draw(); } }
  return 0; }
