// OpenSSL's stacks and many accessors are macros, which Swift does not import; they are made
// functions here.
#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <zlib.h>

// Stacks.

static inline STACK_OF(X509) * openssl_certificates_new(void) { return sk_X509_new_null(); }
/// Takes a reference of its own to `certificate`.
static inline int openssl_certificates_add(STACK_OF(X509) * stack, X509 *certificate) {
  if (X509_up_ref(certificate) != 1) return 0;
  if (sk_X509_push(stack, certificate) > 0) return 1;
  X509_free(certificate);
  return 0;
}
static inline int openssl_certificates_count(const STACK_OF(X509) * stack) {
  return stack == NULL ? 0 : sk_X509_num(stack);
}
static inline X509 *openssl_certificates_at(const STACK_OF(X509) * stack, int index) {
  return sk_X509_value(stack, index);
}
static inline void openssl_certificates_free(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
static inline int openssl_crls_count(const STACK_OF(X509_CRL) * stack) {
  return stack == NULL ? 0 : sk_X509_CRL_num(stack);
}
static inline X509_CRL *openssl_crls_at(const STACK_OF(X509_CRL) * stack, int index) {
  return sk_X509_CRL_value(stack, index);
}
static inline void openssl_crls_free(STACK_OF(X509_CRL) * stack) {
  sk_X509_CRL_pop_free(stack, X509_CRL_free);
}
/// Whether any entry carries a critical extension.
static inline int openssl_crl_has_critical_entry(X509_CRL *crl) {
  STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
  for (int i = 0; entries != NULL && i < sk_X509_REVOKED_num(entries); i++)
    if (X509_REVOKED_get_ext_by_critical(sk_X509_REVOKED_value(entries, i), 1, -1) >= 0) return 1;
  return 0;
}
static inline int openssl_signer_infos_count(const STACK_OF(CMS_SignerInfo) * stack) {
  return stack == NULL ? 0 : sk_CMS_SignerInfo_num(stack);
}
static inline CMS_SignerInfo *openssl_signer_infos_at(
    const STACK_OF(CMS_SignerInfo) * stack, int index) {
  return sk_CMS_SignerInfo_value(stack, index);
}

// Parameters that OpenSSL only gives as fields of structures.

/// Digest, mask digest and salt length of an RSASSA-PSS algorithm; 0 when they cannot be read.
static inline int openssl_pss_parameters(
    const X509_ALGOR *algorithm, int *digest, int *maskDigest, int *saltLength) {
  const ASN1_OBJECT *oid = NULL;
  const void *value = NULL;
  int type = 0;
  X509_ALGOR_get0(&oid, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE || value == NULL) return 0;
  RSA_PSS_PARAMS *pss =
      (RSA_PSS_PARAMS *)ASN1_item_unpack((ASN1_STRING *)value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
  if (pss == NULL) return 0;
  int good = 1;
  // What is absent means SHA-1 and a salt of 20.
  *digest = pss->hashAlgorithm ? OBJ_obj2nid(pss->hashAlgorithm->algorithm) : NID_sha1;
  *maskDigest = NID_sha1;
  if (pss->maskGenAlgorithm != NULL) {
    if (OBJ_obj2nid(pss->maskGenAlgorithm->algorithm) != NID_mgf1 ||
        pss->maskGenAlgorithm->parameter == NULL ||
        pss->maskGenAlgorithm->parameter->type != V_ASN1_SEQUENCE) {
      good = 0;
    } else {
      X509_ALGOR *mask = (X509_ALGOR *)ASN1_item_unpack(
          pss->maskGenAlgorithm->parameter->value.sequence, ASN1_ITEM_rptr(X509_ALGOR));
      if (mask == NULL) {
        good = 0;
      } else {
        *maskDigest = OBJ_obj2nid(mask->algorithm);
        X509_ALGOR_free(mask);
      }
    }
  }
  *saltLength = pss->saltLength ? (int)ASN1_INTEGER_get(pss->saltLength) : 20;
  if (pss->trailerField != NULL && ASN1_INTEGER_get(pss->trailerField) != 1) good = 0;
  RSA_PSS_PARAMS_free(pss);
  return good;
}

/// The object identifier of an algorithm as a NID.
static inline int openssl_algorithm_nid(const X509_ALGOR *algorithm) {
  const ASN1_OBJECT *oid = NULL;
  if (algorithm == NULL) return NID_undef;
  X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
  return OBJ_obj2nid(oid);
}

/// The encoded bytes of an attribute value that is a SEQUENCE; NULL for any other type.
static inline const ASN1_STRING *openssl_sequence_value(X509_ATTRIBUTE *attribute, int index) {
  const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, index);
  return value != NULL && value->type == V_ASN1_SEQUENCE ? value->value.sequence : NULL;
}
/// The bytes of an attribute value that is an OCTET STRING; NULL for any other type.
static inline const ASN1_STRING *openssl_octet_value(X509_ATTRIBUTE *attribute, int index) {
  const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, index);
  return value != NULL && value->type == V_ASN1_OCTET_STRING ? value->value.octet_string : NULL;
}
/// The NID of an attribute value that is an OBJECT IDENTIFIER; NID_undef for any other type.
static inline int openssl_oid_value(X509_ATTRIBUTE *attribute, int index) {
  const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, index);
  return value != NULL && value->type == V_ASN1_OBJECT ? OBJ_obj2nid(value->value.object)
                                                       : NID_undef;
}

/// The extended key usages of a certificate as dotted numbers separated by spaces; -1 when they
/// cannot be read, 0 when there are none, otherwise their number. `critical` says whether the
/// extension is critical.
static inline int openssl_extended_usages(
    const X509 *certificate, char *text, size_t size, int *critical) {
  int found = -1;
  EXTENDED_KEY_USAGE *usages =
      (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(certificate, NID_ext_key_usage, &found, NULL);
  text[0] = 0;
  *critical = found > 0;
  if (usages == NULL) return found == -1 ? 0 : -1;
  size_t used = 0;
  int count = sk_ASN1_OBJECT_num(usages);
  for (int i = 0; i < count; i++) {
    char one[80];
    int length = OBJ_obj2txt(one, sizeof one, sk_ASN1_OBJECT_value(usages, i), 1);
    if (length <= 0 || (size_t)length >= sizeof one || used + (size_t)length + 2 > size) {
      count = -1;
      break;
    }
    if (used > 0) text[used++] = ' ';
    for (int c = 0; c < length; c++) text[used++] = one[c];
    text[used] = 0;
  }
  sk_ASN1_OBJECT_pop_free(usages, ASN1_OBJECT_free);
  return count;
}

/// The first place of `needle` in `memory`, or NULL. memmem(3) is _GNU_SOURCE only.
static inline const void *openssl_find(
    const void *memory, size_t length, const void *needle, size_t needleLength) {
  const unsigned char *place = (const unsigned char *)memory;
  const unsigned char *end = place + length;
  if (needleLength == 0) return NULL;
  while ((size_t)(end - place) >= needleLength) {
    place = (const unsigned char *)memchr(
        place, *(const unsigned char *)needle, (size_t)(end - place) - needleLength + 1);
    if (place == NULL) return NULL;
    if (memcmp(place, needle, needleLength) == 0) return place;
    place++;
  }
  return NULL;
}

/// The digest of a signature algorithm, also of RSASSA-PSS; NID_undef when there is none.
static inline int openssl_signature_digest(const X509_ALGOR *algorithm) {
  int digest = NID_undef, mask = NID_undef, salt = 0;
  int nid = openssl_algorithm_nid(algorithm);
  if (nid == NID_rsassaPss)
    return openssl_pss_parameters(algorithm, &digest, &mask, &salt) ? digest : NID_undef;
  return OBJ_find_sigid_algs(nid, &digest, NULL) == 1 ? digest : NID_undef;
}

/// Whether the digestAlgorithms of a SignedData name this digest.
static inline int openssl_names_digest(CMS_ContentInfo *cms, int nid) {
  BIO *nothing = BIO_new(BIO_s_null());
  BIO *chain = nothing == NULL ? NULL : CMS_dataInit(cms, nothing);
  if (chain == NULL) {  // none, or one that is not known
    BIO_free(nothing);
    ERR_clear_error();
    return 0;
  }
  int found = 0;
  for (BIO *at = BIO_find_type(chain, BIO_TYPE_MD); at != NULL && !found;
       at = BIO_next(at) == NULL ? NULL : BIO_find_type(BIO_next(at), BIO_TYPE_MD)) {
    EVP_MD_CTX *context = NULL;
    if (BIO_get_md_ctx(at, &context) == 1 && context != NULL)
      found = EVP_MD_get_type(EVP_MD_CTX_get0_md(context)) == nid;
  }
  BIO_free_all(chain);
  return found;
}
