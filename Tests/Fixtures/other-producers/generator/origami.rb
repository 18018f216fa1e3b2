# Writes and signs with Origami: OUT CERTIFICATE KEY CHAIN visible|-
require 'origami'
out, certificate, key, issuer, look = ARGV
pdf = Origami::PDF.new
page = Origami::Page.new
content = Origami::ContentStream.new
content.write('SURAT KEMATIAN CONTOH - BUKAN DOKUMEN SAH', x: 72, y: 720, size: 14)
page.setContents(content)
pdf.append_page(page)
annotation = nil
if look == 'visible'
  annotation = Origami::Annotation::Widget::Signature.new
  annotation.Rect = Origami::Rectangle[llx: 60.0, lly: 90.0, urx: 200.0, ury: 140.0]
  page.add_annotation(annotation)
end
pdf.sign(
  OpenSSL::X509::Certificate.new(File.read(certificate)), OpenSSL::PKey.read(File.read(key)),
  method: 'adbe.pkcs7.detached', ca: [OpenSSL::X509::Certificate.new(File.read(issuer))],
  annotation: annotation, location: 'Rekaan', reason: 'Peragaan')
pdf.save(out)
