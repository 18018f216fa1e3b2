import java.io.*;
import java.net.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.*;
import org.bouncycastle.asn1.ess.*;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.operator.jcajce.*;
import org.bouncycastle.tsp.*;

/** A detached message made by Bouncy Castle: [cades=yes] [algorithm=] [tsa=URL]. */
final class Message {
  private Message() {}

  static byte[] sign(
      InputStream data, PrivateKey key, Certificate[] chain, Map<String, String> options)
      throws IOException {
    try {
      X509Certificate own = (X509Certificate) chain[0];
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      JcaSignerInfoGeneratorBuilder builder = new JcaSignerInfoGeneratorBuilder(
          new JcaDigestCalculatorProviderBuilder().build());
      if (options.containsKey("cades")) {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(own.getEncoded());
        ASN1EncodableVector vector = new ASN1EncodableVector();
        vector.add(new Attribute(
            PKCSObjectIdentifiers.id_aa_signingCertificateV2,
            new DERSet(new SigningCertificateV2(new ESSCertIDv2(hash)))));
        builder.setSignedAttributeGenerator(
            new DefaultSignedAttributeTableGenerator(new AttributeTable(vector)));
      }
      String algorithm = options.getOrDefault("algorithm", "SHA256WithRSA");
      generator.addSignerInfoGenerator(
          builder.build(new JcaContentSignerBuilder(algorithm).build(key), own));
      generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
      CMSSignedData signed = generator.generate(
          new CMSProcessableByteArray(data.readAllBytes()), false);
      if (options.containsKey("tsa")) signed = stamped(signed, options.get("tsa"));
      return signed.getEncoded();
    } catch (GeneralSecurityException | CMSException | TSPException
        | org.bouncycastle.operator.OperatorCreationException failure) {
      throw new IOException(failure);
    }
  }

  private static CMSSignedData stamped(CMSSignedData signed, String url)
      throws IOException, GeneralSecurityException, TSPException, CMSException {
    SignerInformation signer = signed.getSignerInfos().getSigners().iterator().next();
    TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
    requests.setCertReq(true);
    TimeStampRequest request = requests.generate(
        TSPAlgorithms.SHA512,
        MessageDigest.getInstance("SHA-512").digest(signer.getSignature()));
    URLConnection connection = new URL(url).openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/timestamp-query");
    connection.getOutputStream().write(request.getEncoded());
    TimeStampResponse response = new TimeStampResponse(connection.getInputStream());
    response.validate(request);
    AttributeTable table = new AttributeTable(new DERSet(new Attribute(
        PKCSObjectIdentifiers.id_aa_signatureTimeStampToken,
        new DERSet(ASN1Primitive.fromByteArray(response.getTimeStampToken().getEncoded())))));
    return CMSSignedData.replaceSigners(signed, new SignerInformationStore(
        SignerInformation.replaceUnsignedAttributes(signer, table)));
  }
}
