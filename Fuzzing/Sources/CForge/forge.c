// A key from a text needs the older interface to elliptic curves.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "forge.h"

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

// There only in a build with AddressSanitizer.
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

void forge_keeps_allocations(int keeps) {
  if (keeps && __lsan_disable) __lsan_disable();
  if (!keeps && __lsan_enable) __lsan_enable();
}

struct Identity {
  const char *name;
  long serial;
  EVP_PKEY *key;
  X509 *certificate;
};

static struct Identity identities[3] = {
    {"Otoritas Rekaan Uji Acak", 1, NULL, NULL},
    {"Orang Rekaan Uji Acak", 2, NULL, NULL},
    {"Stempel Waktu Rekaan Uji Acak", 3, NULL, NULL},
};

/// The private number is the SHA-256 of the name: below the order of P-256 but for one in 2^32.
static EVP_PKEY *make_key(const char *name) {
  unsigned char digest[32];
  unsigned int length = 0;
  EVP_PKEY *result = NULL;
  EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  if (EVP_Digest(name, strlen(name), digest, &length, EVP_sha256(), NULL) != 1) return NULL;
  BIGNUM *secret = BN_bin2bn(digest, (int)length, NULL);
  EC_POINT *point = EC_POINT_new(EC_KEY_get0_group(key));
  if (EC_POINT_mul(EC_KEY_get0_group(key), point, secret, NULL, NULL, NULL) == 1 &&
      EC_KEY_set_private_key(key, secret) == 1 && EC_KEY_set_public_key(key, point) == 1) {
    result = EVP_PKEY_new();
    if (EVP_PKEY_set1_EC_KEY(result, key) != 1) {
      EVP_PKEY_free(result);
      result = NULL;
    }
  }
  EC_POINT_free(point);
  BN_free(secret);
  EC_KEY_free(key);
  return result;
}

static int add_extension(X509 *certificate, int nid, const char *value) {
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
  int good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return good;
}

static X509 *make_certificate(enum ForgeSigner who, EVP_PKEY *key) {
  struct Identity *issuer = &identities[FORGE_AUTHORITY];
  X509 *certificate = X509_new();
  X509_NAME *name = X509_get_subject_name(certificate);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), identities[who].serial);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20200101000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(certificate), "20391231000000Z");
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC, (const unsigned char *)identities[who].name, -1, -1, 0);
  X509_set_issuer_name(
      certificate, who == FORGE_AUTHORITY ? name : X509_get_subject_name(issuer->certificate));
  X509_set_pubkey(certificate, key);
  int good;
  switch (who) {
    case FORGE_AUTHORITY:
      good = add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
             add_extension(
                 certificate, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
      break;
    case FORGE_STAMPER:
      good = add_extension(certificate, NID_ext_key_usage, "critical,timeStamping");
      break;
    default: good = add_extension(certificate, NID_key_usage, "critical,nonRepudiation");
  }
  EVP_PKEY *signer = who == FORGE_AUTHORITY ? key : issuer->key;
  if (!good || X509_sign(certificate, signer, EVP_sha256()) <= 0) {
    X509_free(certificate);
    return NULL;
  }
  return certificate;
}

static struct Identity *identity(enum ForgeSigner who) {
  struct Identity *found = &identities[who];
  if (found->certificate != NULL) return found;
  if (who != FORGE_AUTHORITY && identity(FORGE_AUTHORITY) == NULL) return NULL;
  if (found->key == NULL) found->key = make_key(found->name);
  if (found->key != NULL) found->certificate = make_certificate(who, found->key);
  return found->certificate != NULL ? found : NULL;
}

/// Encodes with an i2d function if it fits.
#define WRITE(encode, value, out, size) \
  do {                                  \
    uint8_t *cursor = out;              \
    int length = encode(value, NULL);   \
    if (length > 0 && (size_t)length <= (size)) written = (size_t)encode(value, &cursor); \
  } while (0)

size_t forge_certificate(enum ForgeSigner who, uint8_t *out, size_t size) {
  struct Identity *signer = identity(who);
  size_t written = 0;
  if (signer != NULL) WRITE(i2d_X509, signer->certificate, out, size);
  return written;
}

size_t forge_signature(
    enum ForgeSigner who, const uint8_t *data, size_t count, uint8_t *out, size_t size) {
  struct Identity *signer = identity(who);
  if (signer == NULL) return 0;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t written = size;
  if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer->key) != 1 ||
      EVP_DigestSign(context, out, &written, data, count) != 1)
    written = 0;
  EVP_MD_CTX_free(context);
  return written;
}

size_t forge_message(
    enum ForgeSigner who, const uint8_t *content, size_t count, uint8_t *out, size_t size) {
  struct Identity *signer = identity(who);
  if (signer == NULL) return 0;
  int isStamp = who == FORGE_STAMPER;
  unsigned int flags = CMS_BINARY | CMS_PARTIAL | CMS_CADES | (isStamp ? 0 : CMS_DETACHED);
  size_t written = 0;
  BIO *data = BIO_new_mem_buf(content, (int)count);
  CMS_ContentInfo *message = CMS_sign(NULL, NULL, NULL, data, flags);
  if (message != NULL &&
      (!isStamp || CMS_set1_eContentType(message, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1) &&
      CMS_add1_signer(message, signer->certificate, signer->key, EVP_sha256(), flags) != NULL &&
      CMS_final(message, data, NULL, flags) == 1)
    WRITE(i2d_CMS_ContentInfo, message, out, size);
  CMS_ContentInfo_free(message);
  BIO_free(data);
  return written;
}

size_t forge_list(int64_t time, int revoked, uint8_t *out, size_t size) {
  struct Identity *authority = identity(FORGE_AUTHORITY);
  if (authority == NULL) return 0;
  size_t written = 0;
  X509_CRL *list = X509_CRL_new();
  ASN1_TIME *when = ASN1_TIME_set(NULL, time);
  ASN1_TIME *next = ASN1_TIME_set(NULL, time + 7 * 86400);
  X509_CRL_set_version(list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(authority->certificate));
  X509_CRL_set1_lastUpdate(list, when);
  X509_CRL_set1_nextUpdate(list, next);
  if (revoked) {
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
    ASN1_INTEGER_set(serial, identities[FORGE_PERSON].serial);
    ASN1_ENUMERATED_set(reason, 1);
    X509_REVOKED_set_serialNumber(entry, serial);
    X509_REVOKED_set_revocationDate(entry, when);
    X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
    X509_CRL_add0_revoked(list, entry);
    ASN1_ENUMERATED_free(reason);
    ASN1_INTEGER_free(serial);
  }
  if (X509_CRL_sign(list, authority->key, EVP_sha256()) > 0) WRITE(i2d_X509_CRL, list, out, size);
  ASN1_TIME_free(next);
  ASN1_TIME_free(when);
  X509_CRL_free(list);
  return written;
}

size_t forge_answer(int64_t time, int revoked, uint8_t *out, size_t size) {
  struct Identity *authority = identity(FORGE_AUTHORITY);
  struct Identity *person = identity(FORGE_PERSON);
  if (authority == NULL || person == NULL) return 0;
  size_t written = 0;
  OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
  OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), person->certificate, authority->certificate);
  ASN1_TIME *when = ASN1_GENERALIZEDTIME_set(NULL, time);
  ASN1_TIME *next = ASN1_GENERALIZEDTIME_set(NULL, time + 7 * 86400);
  int state = revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD;
  if (OCSP_basic_add1_status(basic, id, state, 1, revoked ? when : NULL, when, next) != NULL &&
      OCSP_basic_sign(basic, authority->certificate, authority->key, EVP_sha256(), NULL, 0) == 1) {
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    if (response != NULL) WRITE(i2d_OCSP_RESPONSE, response, out, size);
    OCSP_RESPONSE_free(response);
  }
  ASN1_TIME_free(next);
  ASN1_TIME_free(when);
  OCSP_CERTID_free(id);
  OCSP_BASICRESP_free(basic);
  return written;
}
