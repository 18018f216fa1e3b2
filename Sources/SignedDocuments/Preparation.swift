internal import COpenSSL

extension DocumentVerification {
  /// Sets the libraries up, before anything else: a process that closes its doors afterwards needs
  /// no file any more. What is not needed (configuration, texts of errors, ciphers, most decoders)
  /// stays out: setting it up took longer than a verification.
  public static func prepare() {
    let absent =
      OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_LOAD_CONFIG
      | OPENSSL_INIT_NO_ADD_ALL_CIPHERS
    _ = OPENSSL_init_crypto(UInt64(absent), nil)
    _ = openssl_use_few_decoders()
    // The first digest brings in the algorithms.
    _ = try? DigestAlgorithm.sha256.digest([0])
    ERR_clear_error()
  }
}
