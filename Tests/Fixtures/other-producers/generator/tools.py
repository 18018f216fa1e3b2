"""One function per program that signs: document in (bytes), signed document out (bytes)."""

import os
import pathlib
import socket
import subprocess

from fontTools import subset

HERE = pathlib.Path(__file__).resolve().parent
JARS = "/usr/share/java/"
CLASS_PATHS = {
    "IText5": ("itext5.jar", "bcprov.jar", "bcpkix.jar", "bcutil.jar"),
    "IText2": ("itext.jar", "bcprov.jar", "bcpkix.jar", "bcutil.jar"),
    "PdfBox": ("pdfbox2.jar", "fontbox2.jar", "commons-logging.jar", "bcprov.jar", "bcpkix.jar",
               "bcutil.jar"),
}

FONTS = b"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>%s</dir></fontconfig>
"""


class Tools:
    def __init__(self, pki, authority):
        self.pki, self.authority, self.folder = pki, authority, pki.folder
        self.environment = dict(os.environ, HOME=str(self.folder), LC_ALL="C.UTF-8")
        self._nss()
        # pdfsig embeds the whole font that it takes for Helvetica: a small one.
        self.environment["FONTCONFIG_FILE"] = self._file(
            "fonts.conf", FONTS % str(self.folder).encode())
        subset.main(["/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf",
                     "--unicodes=U+0020-007E", "--name-IDs=*",
                     "--output-file=" + self._file("NimbusSans-Regular.otf")])
        for name, jars in CLASS_PATHS.items():
            self._run("javac", "-nowarn", "-cp", self._path(jars), "-d", self._file("classes"),
                      "-sourcepath", str(HERE / "java"), str(HERE / "java" / (name + ".java")))

    def _run(self, *command, **more):
        done = subprocess.run(
            command, env=self.environment, capture_output=True, timeout=300, **more)
        if done.returncode:
            raise SystemExit("%s: %s" % (command, (done.stdout + done.stderr).decode()))
        return done

    def _file(self, name, content=None):
        path = self.folder / name
        if content is not None:
            path.write_bytes(content)
        return str(path)

    def _result(self):
        path = self.folder / "out.pdf"
        content = path.read_bytes()
        path.unlink()
        return content

    @staticmethod
    def _path(jars):
        return ":".join(JARS + one for one in jars)

    def _nss(self):
        database = self._file("nss")
        os.makedirs(database, exist_ok=True)
        self._run("certutil", "-N", "-d", "sql:" + database, "--empty-password")
        for name in ("root", "issuer"):
            self._run("certutil", "-A", "-d", "sql:" + database, "-n", name, "-t", "CT,C,C", "-i",
                      self.pki.path(name + ".pem"))
        for short in self.pki.certificates:
            self._run("pk12util", "-i", self.pki.path(short + ".p12"), "-d", "sql:" + database,
                      "-W", "rekaan")

    # Java

    def java(self, name, *arguments):
        self._run("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
                  self._file("classes") + ":" + self._path(CLASS_PATHS[name]), name, *arguments)
        return self._result()

    def itext5(self, command, document=None, signer=None, **options):
        """`signer` and KEY=VALUE as IText5.java says."""
        if document is not None:
            options["in"] = self._file("in.pdf", document)
        if signer:
            options["p12"] = self.pki.path(signer + ".p12")
        if options.pop("stamp", False):
            options["tsa"] = self.authority.url
        if options.pop("lists", False):
            options["crl"] = self.pki.path("root.crl") + "," + self.pki.path("issuer.crl")
        if "cms" in options:
            options["cms"] = self._file("message", options["cms"])
        return self.java(
            "IText5", command, "out=" + self._file("out.pdf"),
            *("%s=%s" % pair for pair in options.items()))

    def itext2_page(self):
        return self.java("IText2", "page", self._file("out.pdf"))

    def itext2(self, document, signer, field, certify=0, box="0,0,0,0"):
        return self.java(
            "IText2", "sign", self._file("in.pdf", document), self._file("out.pdf"),
            self.pki.path(signer + ".p12"), field, str(certify), box)

    def pdfbox_page(self, **options):
        return self.java("PdfBox", "page", "out=" + self._file("out.pdf"),
                         *("%s=%s" % pair for pair in options.items()))

    def pdfbox(self, document, signer, **options):
        if options.pop("stamp", False):
            options["tsa"] = self.authority.url
        return self.java(
            "PdfBox", "sign", "in=" + self._file("in.pdf", document),
            "out=" + self._file("out.pdf"), "p12=" + self.pki.path(signer + ".p12"),
            *("%s=%s" % pair for pair in options.items()))

    # Programs

    def poppler(self, document, signer, *arguments, existing=None):
        how = ("-sign", existing) if existing else ("-add-signature",)
        self._run("pdfsig", "-nssdir", "sql:" + self._file("nss"), *how, "-nick", signer,
                  *arguments, self._file("in.pdf", document), self._file("out.pdf"))
        return self._result()

    def podofo(self, document, signer, *arguments):
        self._run("podofosign", "-in", self._file("in.pdf", document), "-out",
                  self._file("out.pdf"), "-cert", self.pki.path(signer + ".pem"), "-pkey",
                  self.pki.path(signer + ".key"), *arguments)
        return self._result()

    def mupdf(self, document, signer, number):
        """Signs the waiting field with that object number."""
        self._run("mutool", "sign", "-s", self.pki.path(signer + ".p12"), "-P", "rekaan", "-o",
                  self._file("out.pdf"), self._file("in.pdf", document), str(number))
        return self._result()

    def tcpdf(self, signer, level):
        self._run("php", str(HERE / "tcpdf.php"), self._file("out.pdf"),
                  self.pki.path(signer + ".pem"), self.pki.path(signer + ".key"),
                  self.pki.path("chain.pem"), level)
        return self._result()

    def origami(self, signer, look="-"):
        self._run("ruby", str(HERE / "origami.rb"), self._file("out.pdf"),
                  self.pki.path(signer + ".pem"), self.pki.path(signer + ".key"),
                  self.pki.path("issuer.pem"), look)
        return self._result()

    def qpdf(self, document, *arguments):
        self._run("qpdf", *arguments, self._file("in.pdf", document), self._file("out.pdf"))
        return self._result()

    # LibreOffice

    def libreoffice(self, common, version=0, stamp=False):
        """A text made and signed by LibreOffice, in a profile of its own."""
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = str(one.getsockname()[1])
        environment = dict(self.environment, MOZILLA_CERTIFICATE_FOLDER="sql:" + self._file("nss"))
        office = subprocess.Popen(
            ["soffice", "-env:UserInstallation=file://" + self._file("office"), "--headless",
             "--norestore", "--accept=socket,host=127.0.0.1,port=%s;urp;" % port],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = ["/usr/bin/python3", str(HERE / "libreoffice.py"), port]
        more = [self.authority.url] if stamp else []
        try:
            self._run(*script, self._file("out.pdf"), common, "-", str(version), *more)
            self._run(*script, "quit", common, "-", "0")
        finally:
            try:
                office.wait(30)
            except subprocess.TimeoutExpired:
                office.terminate()
        return self._result()
