// The algorithms of OpenSSL's default provider, with only those decoders that read a public key of
// a certificate. OpenSSL 3.0 looks through all decoders, and each of them again for each other, for
// every certificate that it reads: with the whole set that was a third of a verification.
#pragma once
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <string.h>

static inline OSSL_PROVIDER **openssl_whole_provider(void) {
  static OSSL_PROVIDER *provider;
  return &provider;
}

static inline const OSSL_ALGORITHM *openssl_query(void *context, int operation, int *noStore) {
  (void)context;
  static OSSL_ALGORITHM few[64];
  OSSL_PROVIDER *whole = *openssl_whole_provider();
  const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(whole, operation, noStore);
  if (operation != OSSL_OP_DECODER || all == NULL) return all;
  size_t count = 0;
  for (; all->algorithm_names != NULL; all++) {
    if (strstr(all->property_definition, "input=der") == NULL ||
        strstr(all->property_definition, "structure=SubjectPublicKeyInfo") == NULL)
      continue;
    // A set that is larger than any known one is taken whole rather than cut.
    if (count + 1 == sizeof few / sizeof few[0])
      return OSSL_PROVIDER_query_operation(whole, operation, noStore);
    few[count++] = *all;
  }
  return few;
}

static inline int openssl_provider_start(
    const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
    void **context) {
  (void)handle;
  (void)in;
  static const OSSL_DISPATCH functions[] = {
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))openssl_query}, {0, NULL}};
  *out = functions;
  *context = OSSL_PROVIDER_get0_provider_ctx(*openssl_whole_provider());
  return 1;
}

/// Gives this process those algorithms, for good. Once, before anything else of OpenSSL is used.
/// 1, or 0 when it cannot be had: then OpenSSL brings its whole default provider by itself.
static inline int openssl_use_few_decoders(void) {
  OSSL_LIB_CTX *apart = OSSL_LIB_CTX_new();
  if (apart == NULL) return 0;
  *openssl_whole_provider() = OSSL_PROVIDER_load(apart, "default");
  return *openssl_whole_provider() != NULL &&
         OSSL_PROVIDER_add_builtin(NULL, "few-decoders", openssl_provider_start) == 1 &&
         OSSL_PROVIDER_load(NULL, "few-decoders") != NULL;
}
