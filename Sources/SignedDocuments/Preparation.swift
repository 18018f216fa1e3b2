internal import COpenSSL

extension DocumentVerification {
  /// Loads what the libraries would otherwise open files for later on: call it before a process
  /// gives up opening files.
  public static func prepare() {
    _ = OPENSSL_init_crypto(
      UInt64(OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_LOAD_CONFIG), nil)
    // The first digest brings in the default provider, the first random byte its seed.
    _ = try? DigestAlgorithm.sha256.digest([0])
    var seed = [UInt8](repeating: 0, count: 16)
    _ = unsafe RAND_bytes(&seed, 16)
    ERR_clear_error()
  }
}
