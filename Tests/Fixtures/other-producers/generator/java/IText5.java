import com.itextpdf.text.Document;
import com.itextpdf.text.PageSize;
import com.itextpdf.text.Paragraph;
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.*;
import com.itextpdf.text.pdf.security.*;
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.Certificate;
import java.util.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Writes and signs with iText 5. The first argument names the command, the others are KEY=VALUE.
 *
 * page out= [objstm=yes] [fields=A,B]; sign in= out= p12= alias= field= [box=x,y,x,y] [page=]
 * [certify=1..3] [cades=yes] [digest=] [tsa=URL] [crl=FILE,FILE]; blank in= out= field= subfilter=;
 * fill in= out= field= cms=; ltv in= out= field= crl=; stamp in= out= field= tsa=
 */
public final class IText5 {
  private static Map<String, String> options = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    for (int i = 1; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      options.put(pair[0], pair[1]);
    }
    switch (arguments[0]) {
      case "page": page(); break;
      case "sign": sign(); break;
      case "blank": blank(); break;
      case "fill": fill(); break;
      case "ltv": validationData(); break;
      case "stamp": stamp(); break;
      default: throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static String option(String key, String otherwise) {
    return options.getOrDefault(key, otherwise);
  }

  private static void page() throws Exception {
    Document document = new Document(PageSize.A4);
    PdfWriter writer = PdfWriter.getInstance(document, new FileOutputStream(option("out", null)));
    if (options.containsKey("objstm")) {
      writer.setPdfVersion(PdfWriter.VERSION_1_5);
      writer.setFullCompression();
    }
    document.addTitle("Contoh");
    if (options.containsKey("xmp")) {
      writer.createXmpMetadata();
    }
    document.open();
    document.add(new Paragraph("KARTU KELUARGA CONTOH - BUKAN DOKUMEN SAH"));
    document.add(new Paragraph("Nama: Peraga Rekaan"));
    float left = 60;
    for (String name : option("fields", "").split(",")) {
      if (name.isEmpty()) continue;
      PdfFormField field = PdfFormField.createSignature(writer);
      field.setWidget(new Rectangle(left, 90, left + 120, 140), PdfAnnotation.HIGHLIGHT_INVERT);
      field.setFieldName(name);
      field.setFlags(PdfAnnotation.FLAGS_PRINT);
      field.setPage();
      writer.addAnnotation(field);
      left += 160;
    }
    document.newPage();
    document.add(new Paragraph("Halaman kedua"));
    document.close();
  }

  private static PdfStamper stamper() throws Exception {
    return PdfStamper.createSignature(
        new PdfReader(option("in", null)), new FileOutputStream(option("out", null)), '\0', null,
        true);
  }

  private static PdfSignatureAppearance appearance(PdfStamper stamper) throws Exception {
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
    String field = option("field", "Signature1");
    if (stamper.getAcroFields().getBlankSignatureNames().contains(field)) {
      appearance.setVisibleSignature(field);
    } else {
      String[] box = option("box", "0,0,0,0").split(",");
      appearance.setVisibleSignature(
          new Rectangle(Float.parseFloat(box[0]), Float.parseFloat(box[1]),
              Float.parseFloat(box[2]), Float.parseFloat(box[3])),
          Integer.parseInt(option("page", "1")), field);
    }
    appearance.setCertificationLevel(Integer.parseInt(option("certify", "0")));
    return appearance;
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new FileInputStream(option("p12", null)), "rekaan".toCharArray());
    return store;
  }

  private static TSAClient authority() {
    return options.containsKey("tsa")
        ? new TSAClientBouncyCastle(option("tsa", null), null, null, 8192, "SHA-256") : null;
  }

  private static CrlClient lists() throws Exception {
    List<CrlClient> all = new ArrayList<>();
    for (String file : option("crl", "").split(",")) {
      if (!file.isEmpty()) all.add(new CrlClientOffline(Files.readAllBytes(Paths.get(file))));
    }
    return new CrlClient() {
      public Collection<byte[]> getEncoded(java.security.cert.X509Certificate of, String url) {
        List<byte[]> found = new ArrayList<>();
        for (CrlClient one : all) found.addAll(one.getEncoded(of, url));
        return found;
      }
    };
  }

  private static void sign() throws Exception {
    KeyStore store = store();
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "rekaan".toCharArray());
    Certificate[] chain = store.getCertificateChain(alias);
    PdfStamper stamper = stamper();
    PdfSignatureAppearance appearance = appearance(stamper);
    appearance.setReason("Peragaan");
    appearance.setLocation("Rekaan");
    ExternalSignature signature =
        new PrivateKeySignature(key, option("digest", "SHA-256"), "BC");
    List<CrlClient> crls = options.containsKey("crl") ? List.of(lists()) : null;
    MakeSignature.signDetached(
        appearance, new BouncyCastleDigest(), signature, chain, crls, null, authority(), 0,
        options.containsKey("cades")
            ? MakeSignature.CryptoStandard.CADES : MakeSignature.CryptoStandard.CMS);
  }

  private static void blank() throws Exception {
    PdfSignatureAppearance appearance = appearance(stamper());
    MakeSignature.signExternalContainer(
        appearance,
        new ExternalBlankSignatureContainer(
            PdfName.ADOBE_PPKLITE, new PdfName(option("subfilter", "adbe.pkcs7.detached"))),
        12000);
  }

  private static void fill() throws Exception {
    byte[] message = Files.readAllBytes(Paths.get(option("cms", null)));
    MakeSignature.signDeferred(
        new PdfReader(option("in", null)), option("field", null),
        new FileOutputStream(option("out", null)), new ExternalSignatureContainer() {
          public byte[] sign(InputStream data) { return message; }
          public void modifySigningDictionary(PdfDictionary dictionary) {}
        });
  }

  private static void validationData() throws Exception {
    PdfStamper stamper = new PdfStamper(
        new PdfReader(option("in", null)), new FileOutputStream(option("out", null)), '\0', true);
    LtvVerification verification = stamper.getLtvVerification();
    for (String field : option("field", null).split(",")) {
      verification.addVerification(
          field, null, lists(), LtvVerification.CertificateOption.WHOLE_CHAIN,
          LtvVerification.Level.CRL, LtvVerification.CertificateInclusion.YES);
    }
    stamper.close();
  }

  private static void stamp() throws Exception {
    LtvTimestamp.timestamp(stamper().getSignatureAppearance(), authority(), option("field", null));
  }
}
