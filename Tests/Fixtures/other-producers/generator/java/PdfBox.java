import java.io.*;
import java.security.*;
import java.security.cert.Certificate;
import java.util.*;
import org.apache.pdfbox.cos.*;
import org.apache.pdfbox.pdmodel.*;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.interactive.annotation.*;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;
import org.apache.pdfbox.pdmodel.interactive.form.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Writes and signs with PDFBox 2 and Bouncy Castle, as PDFBox's users do.
 *
 * page out=; sign in= out= p12= field= [box=x,y,w,h] [certify=] [cades=yes] [algorithm=] [tsa=URL]
 * [fill=yes]
 */
public final class PdfBox {
  private static Map<String, String> options = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    for (int i = 1; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      options.put(pair[0], pair[1]);
    }
    if (arguments[0].equals("page")) page(); else sign();
  }

  private static void page() throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(PDType1Font.HELVETICA, 14);
        content.newLineAtOffset(72, 720);
        content.showText("SURAT KETERANGAN CONTOH - BUKAN DOKUMEN SAH");
        content.endText();
      }
      PDAcroForm form = new PDAcroForm(document);
      document.getDocumentCatalog().setAcroForm(form);
      if (options.containsKey("empty")) {
        PDSignatureField field = new PDSignatureField(form);
        field.setPartialName(options.get("empty"));
        PDAnnotationWidget widget = field.getWidgets().get(0);
        widget.setRectangle(new PDRectangle(60, 90, 150, 50));
        widget.setPage(page);
        widget.setPrinted(true);
        page.getAnnotations().add(widget);
        form.getFields().add(field);
      }
      document.save(options.get("out"));
    }
  }

  private static void sign() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new FileInputStream(options.get("p12")), "rekaan".toCharArray());
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "rekaan".toCharArray());
    Certificate[] chain = store.getCertificateChain(alias);
    try (PDDocument document = PDDocument.load(new File(options.get("in")));
        OutputStream out = new FileOutputStream(options.get("out"))) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(options.containsKey("cades")
          ? COSName.getPDFName("ETSI.CAdES.detached") : PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
      signature.setName("Peraga");
      signature.setReason("Peragaan");
      signature.setSignDate(Calendar.getInstance());
      if (options.containsKey("certify")) certify(document, signature);
      SignatureOptions how = new SignatureOptions();
      how.setPreferredSignatureSize(20000);
      if (options.containsKey("fill")) {
        PDSignatureField field = (PDSignatureField)
            document.getDocumentCatalog().getAcroForm().getField(options.get("fill"));
        field.setValue(signature);
        document.addSignature(signature, data -> Message.sign(data, key, chain, options), how);
      } else {
        if (options.containsKey("box")) how.setVisualSignature(appearance(options.get("box")));
        document.addSignature(signature, data -> Message.sign(data, key, chain, options), how);
      }
      document.saveIncremental(out);
    }
  }

  private static void certify(PDDocument document, PDSignature signature) {
    COSDictionary parameters = new COSDictionary();
    parameters.setItem(COSName.TYPE, COSName.getPDFName("TransformParams"));
    parameters.setInt(COSName.P, Integer.parseInt(options.get("certify")));
    parameters.setName(COSName.V, "1.2");
    parameters.setNeedToBeUpdated(true);
    COSDictionary reference = new COSDictionary();
    reference.setItem(COSName.TYPE, COSName.getPDFName("SigRef"));
    reference.setItem("TransformMethod", COSName.getPDFName("DocMDP"));
    reference.setItem("DigestMethod", COSName.getPDFName("SHA1"));
    reference.setItem("TransformParams", parameters);
    reference.setNeedToBeUpdated(true);
    COSArray references = new COSArray();
    references.add(reference);
    references.setNeedToBeUpdated(true);
    signature.getCOSObject().setItem("Reference", references);
    COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
    COSDictionary permissions = new COSDictionary();
    permissions.setItem(COSName.getPDFName("DocMDP"), signature);
    permissions.setNeedToBeUpdated(true);
    catalog.setItem(COSName.PERMS, permissions);
    catalog.setNeedToBeUpdated(true);
  }

  /** A template document with one drawn field, as PDFBox wants a visible signature. */
  private static InputStream appearance(String box) throws IOException {
    String[] parts = box.split(",");
    PDRectangle rectangle = new PDRectangle(
        Float.parseFloat(parts[0]), Float.parseFloat(parts[1]), Float.parseFloat(parts[2]),
        Float.parseFloat(parts[3]));
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      PDAcroForm form = new PDAcroForm(document);
      document.getDocumentCatalog().setAcroForm(form);
      PDSignatureField field = new PDSignatureField(form);
      PDAnnotationWidget widget = field.getWidgets().get(0);
      form.getFields().add(field);
      form.setSignaturesExist(true);
      form.setAppendOnly(true);
      form.getCOSObject().setDirect(true);
      widget.setRectangle(rectangle);
      PDFormXObject drawing = new PDFormXObject(new PDStream(document));
      drawing.setResources(new PDResources());
      drawing.setFormType(1);
      drawing.setBBox(new PDRectangle(rectangle.getWidth(), rectangle.getHeight()));
      PDAppearanceDictionary looks = new PDAppearanceDictionary();
      looks.getCOSObject().setDirect(true);
      PDAppearanceStream stream = new PDAppearanceStream(drawing.getCOSObject());
      looks.setNormalAppearance(stream);
      widget.setAppearance(looks);
      try (PDPageContentStream content = new PDPageContentStream(document, stream)) {
        content.beginText();
        content.setFont(PDType1Font.HELVETICA, 8);
        content.newLineAtOffset(4, 20);
        content.showText("Ditandatangani (contoh)");
        content.endText();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return new ByteArrayInputStream(out.toByteArray());
    }
  }
}
