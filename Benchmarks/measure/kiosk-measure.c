/* kiosk-measure: start-up time, memory, idle CPU and touch-to-paint latency of
 * any X11 program, from the outside. One file, C11, libX11 libXext libXtst
 * libXdamage libXfixes. Usage: --help; what the figures mean: Documentation/Benchmarks.md. */
#define _GNU_SOURCE
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAXP 4096
static Display *D; static Window R; static int SW, SH; static int damageEv;
static pid_t xpid = 0; static char xdisp[32];

static double now_ms(void){ struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t); return t.tv_sec*1e3+t.tv_nsec/1e6; }
static void sleep_ms(double ms){ if(ms<=0) return; struct timespec t={(time_t)(ms/1e3),(long)((ms-1e3*(time_t)(ms/1e3))*1e6)}; nanosleep(&t,NULL); }
static void die(const char*f,...){ va_list a; va_start(a,f); fprintf(stderr,"kiosk-measure: "); vfprintf(stderr,f,a); fputc('\n',stderr); va_end(a); exit(2); }

/* ---------- pixels ---------- */
typedef struct { XShmSegmentInfo s; XImage *i; int w,h; } Grab;
static void grab_init(Grab*g,int w,int h){
  g->w=w; g->h=h;
  g->i=XShmCreateImage(D,DefaultVisual(D,DefaultScreen(D)),DefaultDepth(D,DefaultScreen(D)),ZPixmap,NULL,&g->s,w,h);
  if(!g->i) die("no MIT-SHM image");
  g->s.shmid=shmget(IPC_PRIVATE,(size_t)g->i->bytes_per_line*h,IPC_CREAT|0600);
  g->s.shmaddr=g->i->data=shmat(g->s.shmid,NULL,0); g->s.readOnly=False;
  if(!XShmAttach(D,&g->s)) die("XShmAttach failed");
  XSync(D,False); shmctl(g->s.shmid,IPC_RMID,NULL);
}
static void grab_free(Grab*g){ XShmDetach(D,&g->s); XSync(D,False); shmdt(g->s.shmaddr); g->i->data=NULL; XDestroyImage(g->i); }
static Grab G1;
static uint32_t pixel(int x,int y){
  if(!XShmGetImage(D,R,G1.i,x,y,AllPlanes)) return 0;
  return (uint32_t)XGetPixel(G1.i,0,0)&0xffffff;
}
static int chan_diff(uint32_t a,uint32_t b){
  int d=0; for(int s=0;s<24;s+=8){ int e=abs((int)((a>>s)&255)-(int)((b>>s)&255)); if(e>d) d=e; } return d;
}
/* PNG with stored (uncompressed) blocks: no zlib needed */
static uint32_t crc_t[256];
static uint32_t crc(uint32_t c,const uint8_t*p,size_t n){ if(!crc_t[1]) for(uint32_t k=0;k<256;k++){uint32_t v=k;for(int j=0;j<8;j++)v=v&1?0xedb88320u^(v>>1):v>>1;crc_t[k]=v;} while(n--) c=crc_t[(c^*p++)&255]^(c>>8); return c; }
static void be(uint8_t*p,uint32_t v){p[0]=v>>24;p[1]=v>>16;p[2]=v>>8;p[3]=v;}
static void chunk(FILE*f,const char*t,const uint8_t*d,size_t n){ uint8_t b[8]; be(b,n); memcpy(b+4,t,4); fwrite(b,1,8,f); if(n) fwrite(d,1,n,f); uint32_t c=crc(crc(~0u,(const uint8_t*)t,4),d,n)^~0u; be(b,c); fwrite(b,1,4,f);}
static void shot(const char*path){
  Grab g; grab_init(&g,SW,SH); XShmGetImage(D,R,g.i,0,0,AllPlanes);
  size_t row=1+(size_t)SW*3, raw=row*SH, nb=(raw+65534)/65535; uint8_t*z=malloc(raw+nb*5+16),*src=malloc(raw);
  for(int y=0;y<SH;y++){ src[y*row]=0; for(int x=0;x<SW;x++){ uint32_t p=XGetPixel(g.i,x,y); uint8_t*q=src+y*row+1+3*(size_t)x; q[0]=p>>16;q[1]=p>>8;q[2]=p; } }
  size_t o=0; z[o++]=0x78; z[o++]=1; uint32_t a=1,b=0; size_t at=0;
  while(at<raw){ size_t n=raw-at>65535?65535:raw-at; z[o++]=at+n==raw; z[o++]=n;z[o++]=n>>8;z[o++]=~n;z[o++]=(~n)>>8; memcpy(z+o,src+at,n); for(size_t k=0;k<n;k++){a=(a+src[at+k])%65521;b=(b+a)%65521;} o+=n; at+=n; }
  be(z+o,b<<16|a); o+=4;
  FILE*f=fopen(path,"wb"); if(f){ fwrite("\x89PNG\r\n\x1a\n",1,8,f); uint8_t h[13]; be(h,SW);be(h+4,SH);h[8]=8;h[9]=2;h[10]=h[11]=h[12]=0; chunk(f,"IHDR",h,13); chunk(f,"IDAT",z,o); chunk(f,"IEND",NULL,0); fclose(f);} else perror(path);
  free(z); free(src); grab_free(&g);
}

/* ---------- process tree ---------- */
typedef struct { pid_t p[MAXP]; int n; } Tree;
static void tree(Tree*t){
  static pid_t pid[65536],par[65536]; int n=0; DIR*d=opendir("/proc"); struct dirent*e;
  while((e=readdir(d))){ char*q; long v=strtol(e->d_name,&q,10); if(*q||v<=0||n>=65536) continue;
    char f[64],b[512]; snprintf(f,64,"/proc/%ld/stat",v); int fd=open(f,O_RDONLY); if(fd<0) continue; int r=read(fd,b,511); close(fd); if(r<=0) continue; b[r]=0;
    char*s=strrchr(b,')'); char st; int pp; if(!s||sscanf(s+2,"%c %d",&st,&pp)!=2) continue; if(st=='Z') continue; pid[n]=v; par[n++]=pp; }
  closedir(d); t->n=0; pid_t me=getpid();
  /* every descendant of ours (we are the sub-reaper) except the X server we started */
  bool more=true; 
  while(more){ more=false; for(int i=0;i<n;i++){ if(pid[i]==xpid||pid[i]==me) continue; bool have=false; for(int k=0;k<t->n;k++) if(t->p[k]==pid[i]) have=true; if(have) continue;
      bool in=par[i]==me; for(int k=0;k<t->n&&!in;k++) in=t->p[k]==par[i]; if(in&&t->n<MAXP){t->p[t->n++]=pid[i];more=true;} } }
}
typedef struct { long pss,rss,uss,swap,shmem; int procs,threads; } Mem;
static void mem_add(Mem*m,pid_t p){
  char f[64],l[256]; snprintf(f,64,"/proc/%d/smaps_rollup",p); FILE*h=fopen(f,"r"); if(h){ long v; while(fgets(l,256,h)){ 
    if(sscanf(l,"Pss: %ld",&v)==1) m->pss+=v; else if(sscanf(l,"Rss: %ld",&v)==1) m->rss+=v; else if(sscanf(l,"Private_Clean: %ld",&v)==1||sscanf(l,"Private_Dirty: %ld",&v)==1) m->uss+=v; else if(sscanf(l,"SwapPss: %ld",&v)==1) m->swap+=v; else if(sscanf(l,"Pss_Shmem: %ld",&v)==1) m->shmem+=v; } fclose(h); m->procs++; }
  snprintf(f,64,"/proc/%d/status",p); h=fopen(f,"r"); if(h){ int v; while(fgets(l,256,h)) if(sscanf(l,"Threads: %d",&v)==1) m->threads+=v; fclose(h);} }
static Mem mem_tree(void){ static Tree t; tree(&t); Mem m={0}; for(int i=0;i<t.n;i++) mem_add(&m,t.p[i]); return m; }
typedef struct { double cpu_ms; unsigned long long csw; } Cpu;
/* nanosecond run time of every thread (schedstat), plus context switches */
static void cpu_add(Cpu*c,pid_t p){
  char f[96]; snprintf(f,96,"/proc/%d/task",p); DIR*d=opendir(f); if(!d) return; struct dirent*e; double run=0;
  while((e=readdir(d))){ if(e->d_name[0]=='.') continue; char g[400]; unsigned long long a,b,n; snprintf(g,400,"%s/%s/schedstat",f,e->d_name); FILE*h=fopen(g,"r"); if(h){ if(fscanf(h,"%llu %llu %llu",&a,&b,&n)==3) run+=a/1e6; fclose(h);} 
    snprintf(g,400,"%s/%s/status",f,e->d_name); h=fopen(g,"r"); if(h){ char l[256]; unsigned long long v; while(fgets(l,256,h)) if(sscanf(l,"voluntary_ctxt_switches: %llu",&v)==1||sscanf(l,"nonvoluntary_ctxt_switches: %llu",&v)==1) c->csw+=v; fclose(h);} }
  closedir(d);
  /* threads that ended meanwhile still count in the process totals (10 ms steps) */
  snprintf(f,96,"/proc/%d/stat",p); FILE*h=fopen(f,"r"); double tick=0; if(h){ char b[1024]; if(fgets(b,1024,h)){ char*s=strrchr(b,')'); unsigned long u,k; long cu,ck; if(s&&sscanf(s+2,"%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",&u,&k,&cu,&ck)==4) tick=(u+k)*1000.0/sysconf(_SC_CLK_TCK); } fclose(h);} 
  c->cpu_ms+= run>tick?run:tick;
}
static Cpu cpu_tree(void){ static Tree t; tree(&t); Cpu c={0}; for(int i=0;i<t.n;i++) cpu_add(&c,t.p[i]); return c; }

static void stop_all(void){
  static Tree t; for(int pass=0;pass<2;pass++){ tree(&t); for(int i=0;i<t.n;i++) kill(t.p[i],pass?SIGKILL:SIGTERM);
    double e=now_ms()+(pass?2000:3000); while(now_ms()<e){ while(waitpid(-1,NULL,WNOHANG)>0); tree(&t); if(!t.n) return; sleep_ms(20);} } }
static void stop_x(void){ if(xpid){ if(D){XCloseDisplay(D);D=NULL;} kill(xpid,SIGTERM); waitpid(xpid,NULL,0); xpid=0; } }
static void on_sig(int s){ (void)s; stop_all(); stop_x(); _exit(130); }

static void start_x(const char*geo){
  int p[2]; if(pipe(p)) die("pipe"); xpid=fork();
  if(!xpid){ close(p[0]); char fd[16],g[64]; snprintf(fd,16,"%d",p[1]); snprintf(g,64,"%sx24",geo); int nul=open("/dev/null",O_RDWR); dup2(nul,1); dup2(nul,2); execlp("Xvfb","Xvfb","-displayfd",fd,"-screen","0",g,"-nolisten","tcp","-noreset","+extension","GLX","-dpi","96",NULL); _exit(127); }
  close(p[1]); char b[16]; int n=0; while(n<15){ int r=read(p[0],b+n,1); if(r<=0) die("Xvfb did not start"); if(b[n]=='\n') break; n++; } b[n]=0; close(p[0]); snprintf(xdisp,32,":%s",b); setenv("DISPLAY",xdisp,1);
}
static int xerr(Display*d,XErrorEvent*e){ (void)d;(void)e; return 0; }
static void open_x(void){
  XSetErrorHandler(xerr); D=XOpenDisplay(NULL); if(!D) die("no X display"); R=DefaultRootWindow(D); SW=DisplayWidth(D,DefaultScreen(D)); SH=DisplayHeight(D,DefaultScreen(D));
  int a,b; if(!XShmQueryExtension(D)||!XTestQueryExtension(D,&a,&b,&a,&b)||!XDamageQueryExtension(D,&damageEv,&b)) die("X server lacks MIT-SHM, XTEST or DAMAGE");
  grab_init(&G1,1,1);
}
static int damages(void){ int n=0; while(XPending(D)){ XEvent e; XNextEvent(D,&e); if(e.type==damageEv+XDamageNotify){ n++; XDamageSubtract(D,((XDamageNotifyEvent*)&e)->damage,None,None);} } return n; }

static pid_t spawn(char**cmd,bool quiet){
  pid_t p=fork(); if(!p){ setsid(); if(quiet){ int n=open("/dev/null",O_RDWR); dup2(n,0); dup2(n,1); dup2(n,2);} execvp(cmd[0],cmd); perror(cmd[0]); _exit(127);} return p; }

static int cmpd(const void*a,const void*b){ double x=*(double*)a,y=*(double*)b; return x<y?-1:x>y; }
static double pct(double*v,int n,double q){ if(!n) return -1; double r=q*(n-1); int i=(int)r; return i+1<n? v[i]+(r-i)*(v[i+1]-v[i]) : v[n-1]; }
static void stats(FILE*o,const char*k,double*v,int n,int lost){
  qsort(v,n,sizeof*v,cmpd); double s=0; for(int i=0;i<n;i++) s+=v[i];
  fprintf(o,",\n  \"%s\": {\"samples\": %d, \"lost\": %d, \"min_ms\": %.2f, \"p50_ms\": %.2f, \"p95_ms\": %.2f, \"max_ms\": %.2f, \"mean_ms\": %.2f}",k,n,lost,n?v[0]:-1,pct(v,n,.5),pct(v,n,.95),n?v[n-1]:-1,n?s/n:-1); }

/* wait until pixel (x,y) is not `base`; -1 on time-out */
static double wait_change(int x,int y,uint32_t base,int tol,double t0,double limit,int poll_us){
  for(;;){ uint32_t p=pixel(x,y); double t=now_ms(); if(chan_diff(p,base)>tol) return t-t0; if(t-t0>limit) return -1; if(poll_us) usleep(poll_us); } }
static bool wait_back(int x,int y,uint32_t base,int tol,double limit){ double e=now_ms()+limit; while(now_ms()<e){ if(chan_diff(pixel(x,y),base)<=tol) return true; sleep_ms(5);} return false; }
static void move(int x,int y){ XTestFakeMotionEvent(D,-1,x,y,CurrentTime); XFlush(D); }
static void button(bool down){ XTestFakeButtonEvent(D,1,down,CurrentTime); XFlush(D); }
static double jitter(void){ return 150+rand()%200; }

int main(int argc,char**argv){
  const char*geo=NULL,*label="app",*json=NULL,*shotp=NULL,*shot2=NULL; int ex=-1,ey=-1,etol=8; uint32_t ec=0; int starts=3; bool drop=false,quiet=true; double idle=30,cpuS=60,limit=30000,settle=500;
  int pc[4]={-1},nv[6]={-1},ft[4]={-1}; int samples=50,poll_us=200,ctol=6; int i=1;
  for(;i<argc;i++){ const char*a=argv[i];
    #define ARG (++i<argc?argv[i]:(die("%s needs a value",a),""))
    if(!strcmp(a,"--")){i++;break;}
    else if(!strcmp(a,"--xvfb")) geo=ARG; else if(!strcmp(a,"--label")) label=ARG; else if(!strcmp(a,"--json")) json=ARG;
    else if(!strcmp(a,"--shot")) shotp=ARG; else if(!strcmp(a,"--shot-nav")) shot2=ARG;
    else if(!strcmp(a,"--expect")){ if(sscanf(ARG,"%d,%d,%x,%d",&ex,&ey,&ec,&etol)<3) die("--expect X,Y,RRGGBB[,TOL]"); }
    else if(!strcmp(a,"--starts")) starts=atoi(ARG); else if(!strcmp(a,"--drop-caches")) drop=true; else if(!strcmp(a,"--verbose")) quiet=false;
    else if(!strcmp(a,"--idle")) idle=atof(ARG); else if(!strcmp(a,"--cpu")) cpuS=atof(ARG); else if(!strcmp(a,"--limit")) limit=atof(ARG)*1e3; else if(!strcmp(a,"--settle")) settle=atof(ARG);
    else if(!strcmp(a,"--press")){ if(sscanf(ARG,"%d,%d,%d,%d",pc,pc+1,pc+2,pc+3)!=4) die("--press CLICKX,CLICKY,WATCHX,WATCHY"); }
    else if(!strcmp(a,"--nav")){ if(sscanf(ARG,"%d,%d,%d,%d,%d,%d",nv,nv+1,nv+2,nv+3,nv+4,nv+5)!=6) die("--nav CLICKX,CLICKY,WATCHX,WATCHY,BACKX,BACKY"); }
    else if(!strcmp(a,"--first")){ if(sscanf(ARG,"%d,%d,%d,%d",ft,ft+1,ft+2,ft+3)!=4) die("--first CLICKX,CLICKY,WATCHX,WATCHY"); }
    else if(!strcmp(a,"--samples")) samples=atoi(ARG); else if(!strcmp(a,"--poll-us")) poll_us=atoi(ARG);
    else if(!strcmp(a,"-h")||!strcmp(a,"--help")){ puts("usage: kiosk-measure [--xvfb WxH] [--label S] [--json F] [--shot PNG] [--shot-nav PNG]\n  --expect X,Y,RRGGBB[,TOL] [--starts N] [--drop-caches] [--idle S] [--cpu S] [--limit S] [--settle MS]\n  [--first CX,CY,WX,WY] [--press CX,CY,WX,WY] [--nav CX,CY,WX,WY,BX,BY] [--samples N] [--poll-us N] [--verbose] -- command ..."); return 0; }
    else die("unknown option %s",a); }
  if(i>=argc) die("no command; see --help"); char**cmd=argv+i; srand(12345);
  prctl(PR_SET_CHILD_SUBREAPER,1); signal(SIGINT,on_sig); signal(SIGTERM,on_sig);
  if(geo) start_x(geo); open_x(); FILE*o=json?fopen(json,"w"):stdout; if(!o) die("%s: %s",json,strerror(errno));
  fprintf(o,"{\n  \"label\": \"%s\", \"screen\": \"%dx%d\", \"command\": \"",label,SW,SH); for(char**c=cmd;*c;c++){ if(c!=cmd) fputc(' ',o); for(char*s=*c;*s;s++){ if(*s=='"'||*s=='\\') fputc('\\',o); fputc(*s,o);} } fprintf(o,"\",\n  \"starts\": [");
  Mem x0={0}; if(xpid) mem_add(&x0,xpid);
  double readys[64]; int nr=0; Damage dm=XDamageCreate(D,R,XDamageReportRawRectangles); (void)dm;
  for(int run=0;run<starts;run++){
    if(drop){ sync(); int fd=open("/proc/sys/vm/drop_caches",O_WRONLY); if(fd<0||write(fd,"3",1)!=1) fprintf(stderr,"cannot drop caches\n"); if(fd>=0) close(fd); sleep_ms(300);} 
    move(SW-2,SH-2); XSync(D,False); sleep_ms(100); damages();
    if(ex>=0){ double e=now_ms()+3000; while(chan_diff(pixel(ex,ey),ec)<=etol){ if(now_ms()>e) die("the --expect pixel already has that colour before the start"); sleep_ms(10);} }
    double t0=now_ms(),first=-1,ready=-1,last=-1; pid_t p=spawn(cmd,quiet);
    for(;;){ double t=now_ms(); if(damages()){ if(first<0) first=t-t0; last=t-t0; }
      if(ready<0&&ex>=0&&chan_diff(pixel(ex,ey),ec)<=etol) ready=now_ms()-t0;
      if(t-t0>limit) break; if(ex<0&&first>=0) ready=first; if(ready>=0&&last>=0&&t-t0-last>settle&&t-t0-ready>settle) break;
      int st; if(waitpid(p,&st,WNOHANG)==p){ Tree tt; tree(&tt); if(!tt.n){ fprintf(stderr,"program ended by itself (status %d)\n",st); break; } }
      sleep_ms(1); }
    fprintf(o,"%s\n    {\"caches_dropped\": %s, \"first_paint_ms\": %.1f, \"content_ms\": %.1f, \"settled_ms\": %.1f}",run?",":"",drop?"true":"false",first,ready,last); fflush(o);
    if(ready>=0) readys[nr++]=ready;
    if(run+1<starts){ stop_all(); sleep_ms(300);} }
  qsort(readys,nr,sizeof(double),cmpd); fprintf(o,"\n  ],\n  \"content_ms_median\": %.1f",pct(readys,nr,.5)); fflush(o);
  XDamageDestroy(D,dm); XSync(D,False);
  if(shotp) shot(shotp);
  if(idle>0){ sleep_ms(idle*1e3); Mem m=mem_tree(),x={0}; if(xpid) mem_add(&x,xpid);
    fprintf(o,",\n  \"memory\": {\"after_s\": %.0f, \"processes\": %d, \"threads\": %d, \"pss_mb\": %.1f, \"uss_mb\": %.1f, \"rss_sum_mb\": %.1f, \"swap_mb\": %.1f, \"xserver_rss_growth_mb\": %.1f}",idle,m.procs,m.threads,m.pss/1024.,m.uss/1024.,m.rss/1024.,m.swap/1024.,(x.rss-x0.rss)/1024.); fflush(o);} 
  if(cpuS>0){ Cpu a=cpu_tree(),xa={0},xb={0}; if(xpid) cpu_add(&xa,xpid); double t=now_ms(); sleep_ms(cpuS*1e3); Cpu b=cpu_tree(); if(xpid) cpu_add(&xb,xpid); t=now_ms()-t;
    fprintf(o,",\n  \"idle_cpu\": {\"seconds\": %.1f, \"app_percent_of_one_core\": %.3f, \"xserver_percent\": %.3f, \"context_switches_per_s\": %.1f}",t/1e3,100*(b.cpu_ms-a.cpu_ms)/t,100*(xb.cpu_ms-xa.cpu_ms)/t,(b.csw-a.csw)/(t/1e3)); fflush(o);} 
  double*v=calloc(samples+1,sizeof*v);
  /* a program that waits to be woken: one tap first, and its screen must have changed */
  if(ft[0]>=0){ move(ft[0],ft[1]); sleep_ms(600); uint32_t b=pixel(ft[2],ft[3]); button(true); sleep_ms(80); double t0=now_ms(); button(false);
    if(wait_change(ft[2],ft[3],b,ctol,t0,5000,1000)<0) fprintf(stderr,"the first tap changed nothing\n");
    sleep_ms(600); }
  if(pc[0]>=0){ int n=0,lost=0; move(pc[0],pc[1]); sleep_ms(600);
    for(int s=0;s<samples;s++){ sleep_ms(jitter()); uint32_t b=pixel(pc[2],pc[3]); double t0=now_ms(); button(true); double d=wait_change(pc[2],pc[3],b,ctol,t0,2000,poll_us); if(d>=0) v[n++]=d; else lost++; sleep_ms(60);
      /* slide off before releasing, so that the press is cancelled and nothing navigates */
      move(SW-2,SH-2); sleep_ms(30); button(false); wait_back(pc[2],pc[3],b,ctol,1500); move(pc[0],pc[1]); }
    stats(o,"press_to_paint",v,n,lost); fflush(o); sleep_ms(500);} 
  if(nv[0]>=0){ int n=0,lost=0;
    for(int s=0;s<samples;s++){ move(nv[0],nv[1]); sleep_ms(jitter()); uint32_t b=pixel(nv[2],nv[3]); button(true); sleep_ms(80); double t0=now_ms(); button(false); double d=wait_change(nv[2],nv[3],b,ctol,t0,3000,poll_us); if(d>=0) v[n++]=d; else lost++;
      sleep_ms(250); if(shot2&&s==0) shot(shot2); move(nv[4],nv[5]); sleep_ms(60); button(true); sleep_ms(80); button(false); if(!wait_back(nv[2],nv[3],b,ctol,2000)) fprintf(stderr,"sample %d: did not come back\n",s); }
    stats(o,"release_to_next_screen",v,n,lost);} 
  Mem m=mem_tree(); fprintf(o,",\n  \"pss_mb_after_use\": %.1f\n}\n",m.pss/1024.); if(o!=stdout) fclose(o);
  stop_all(); stop_x(); return 0;
}
