import com.lowagie.text.Document;
import com.lowagie.text.Paragraph;
import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.*;
import java.io.*;
import java.security.*;
import java.security.cert.Certificate;
import java.util.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Writes and signs with iText 2.1.7, from which OpenPDF and many signing programs come; the message
 * is Bouncy Castle's, because iText's own breaks with any Bouncy Castle since 2011.
 *
 * page OUT; sign IN OUT P12 FIELD CERTIFY [X,Y,X,Y]
 */
public final class IText2 {
  private static final int RESERVED = 12000;

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    if (arguments[0].equals("page")) {
      Document document = new Document();
      PdfWriter.getInstance(document, new FileOutputStream(arguments[1]));
      document.open();
      document.add(new Paragraph("AKTA CONTOH - BUKAN DOKUMEN SAH"));
      document.close();
      return;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new FileInputStream(arguments[3]), "rekaan".toCharArray());
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "rekaan".toCharArray());
    Certificate[] chain = store.getCertificateChain(alias);
    PdfStamper stamper = PdfStamper.createSignature(
        new PdfReader(arguments[1]), new FileOutputStream(arguments[2]), '\0', null, true);
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
    appearance.setCrypto(null, chain, null, PdfSignatureAppearance.SELF_SIGNED);
    // Otherwise it asks the certificate for its name, which it cannot read from a new library.
    appearance.setLayer2Text("Ditandatangani (contoh)");
    String[] box = (arguments.length > 6 ? arguments[6] : "0,0,0,0").split(",");
    appearance.setVisibleSignature(
        new Rectangle(Float.parseFloat(box[0]), Float.parseFloat(box[1]),
            Float.parseFloat(box[2]), Float.parseFloat(box[3])), 1, arguments[4]);
    appearance.setCertificationLevel(Integer.parseInt(arguments[5]));
    PdfSignature dictionary =
        new PdfSignature(PdfName.ADOBE_PPKLITE, PdfName.ADBE_PKCS7_DETACHED);
    dictionary.setReason("Peragaan");
    dictionary.setDate(new PdfDate(appearance.getSignDate()));
    dictionary.setName("Peraga");
    appearance.setCryptoDictionary(dictionary);
    HashMap<PdfName, Integer> reserve = new HashMap<>();
    reserve.put(PdfName.CONTENTS, RESERVED * 2 + 2);
    appearance.preClose(reserve);
    byte[] encoded = Message.sign(appearance.getRangeStream(), key, chain, Map.of());
    PdfDictionary update = new PdfDictionary();
    update.put(PdfName.CONTENTS,
        new PdfString(Arrays.copyOf(encoded, RESERVED)).setHexWriting(true));
    appearance.close(update);
  }
}
