"""Runs in Debian's Python with `uno`: lets LibreOffice export a text as a signed PDF.

Arguments: port, target, common name of the signer, "visible" or "-", PDF version (0 or 2 for PDF/A-2).
"""

import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def value(name, content):
    result = PropertyValue()
    result.Name, result.Value = name, content
    return result


def connected(port):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            return resolver.resolve(
                "uno:socket,host=127.0.0.1,port=%s;urp;StarOffice.ComponentContext" % port)
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def certificate(context, common):
    manager = context.ServiceManager
    initializer = manager.createInstanceWithContext(
        "com.sun.star.xml.crypto.SEInitializer", context)
    environment = initializer.createSecurityContext("").getSecurityEnvironment()
    for one in environment.getPersonalCertificates():
        if ("CN=" + common) in one.SubjectName.replace("\\", "").replace('"', ""):
            return one
    raise SystemExit("LibreOffice does not see the certificate of " + common)


port, target, common, _, version = sys.argv[1:6]
context = connected(port)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
if target == "quit":
    desktop.terminate()
    raise SystemExit(0)
document = desktop.loadComponentFromURL(
    "private:factory/swriter", "_blank", 0, (value("Hidden", True),))
document.Text.setString("SURAT PINDAH CONTOH - BUKAN DOKUMEN SAH\nNama: Peraga Rekaan")
options = [
    value("SignPDF", True), value("SignatureCertificate", certificate(context, common)),
    value("SignatureReason", "Peragaan"), value("SignatureLocation", "Rekaan"),
    value("SelectPdfVersion", int(version))]
if sys.argv[6:]:
    options.append(value("SignatureTSA", sys.argv[6]))
document.storeToURL(
    "file://" + target,
    (value("FilterName", "writer_pdf_Export"),
     value("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", tuple(options)))))
document.close(True)
