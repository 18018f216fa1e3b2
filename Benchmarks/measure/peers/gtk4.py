import gi,os
gi.require_version("Gtk","4.0")
from gi.repository import Gtk,Gdk
H=os.path.dirname(os.path.abspath(__file__))
CSS=b"""window{background:#F2F5F8;} button.t{background:#fff;border:4px solid #0B3D66;border-radius:24px;color:#0B3D66;font:600 42px Inter;box-shadow:none;transition:none;} button.t:active{background:#FFC94A;}
button.k{font:700 72px Inter;} .h{background:#0B3D66;color:#fff;} .f2{background:#6B3A00;} .h1{font:700 56px Inter;color:#fff;} .h2{font:400 34px Inter;color:#fff;} .v{background:#fff;border:4px solid #0B3D66;border-radius:20px;font:700 72px Inter;padding-left:32px;}"""
T=[("queue","Ambil Nomor Antrean"),("status","Cek Status"),("print","Cetak Dokumen"),("info","Info Layanan"),("complaint","Pengaduan"),("help","Panggil Petugas")]
def box(fx,x,y,w,h,cls):
    b=Gtk.Box(); b.add_css_class(cls); b.set_size_request(w,h); fx.put(b,x,y); return b
def lab(fx,x,y,t,cls):
    l=Gtk.Label(label=t,xalign=0); l.add_css_class(cls); fx.put(l,x,y); return l
def act(app):
    p=Gtk.CssProvider(); p.load_from_data(CSS); Gtk.StyleContext.add_provider_for_display(Gdk.Display.get_default(),p,900)
    w=Gtk.ApplicationWindow(application=app,default_width=1080,default_height=1920); w.set_decorated(False); s=Gtk.Stack(transition_type=Gtk.StackTransitionType.NONE); w.set_child(s)
    a=Gtk.Fixed(); b=Gtk.Fixed(); s.add_named(a,"1"); s.add_named(b,"2")
    for fx,t1,t2 in ((a,"Anjungan Dukcapil Mandiri","Sentuh salah satu layanan untuk mulai"),(b,"Masukkan NIK","16 angka pada KTP-el")):
        box(fx,0,0,1080,220,"h"); lab(fx,48,48,t1,"h1"); lab(fx,48,128,t2,"h2")
    for i,(k,t) in enumerate(T):
        bt=Gtk.Button(); bt.add_css_class("t"); bt.set_size_request(480,360); v=Gtk.Box(orientation=Gtk.Orientation.VERTICAL,spacing=28,valign=Gtk.Align.CENTER); im=Gtk.Image.new_from_file(H+"/icons/"+k+".svg"); im.set_pixel_size(120); v.append(im); v.append(Gtk.Label(label=t)); bt.set_child(v); bt.connect("clicked",lambda *_: s.set_visible_child_name("2")); a.put(bt,48+504*(i%2),300+400*(i//2))
    f=Gtk.Label(xalign=0); f.add_css_class("v"); f.set_size_request(984,160); b.put(f,48,300)
    def key(c):
        t=f.get_text(); f.set_text(t[:-1] if c=="\u232b" else t+c if c!="OK" and len(t)<16 else t)
    for i,c in enumerate(["1","2","3","4","5","6","7","8","9","\u232b","0","OK"]):
        bt=Gtk.Button(label=c); bt.add_css_class("t"); bt.add_css_class("k"); bt.set_size_request(304,180); bt.connect("clicked",lambda _,c=c: key(c)); b.put(bt,48+340*(i%3),520+216*(i//3))
    bt=Gtk.Button(label="Kembali"); bt.add_css_class("t"); bt.set_size_request(304,180); bt.connect("clicked",lambda *_: s.set_visible_child_name("1")); b.put(bt,48,1480)
    box(a,0,1800,1080,120,"h"); box(b,0,1800,1080,120,"f2"); w.fullscreen(); w.present()
app=Gtk.Application(application_id="org.example.AnjunganPeer"); app.connect("activate",act); app.run()
