// The sentences, in the order in which the rules are checked. A new code gets its line here: a test
// holds this table against the codes in the sources.

extension ReasonMeaning {
  /// The signed bytes, the signature or what was added later is not as it must be.
  static let integrity = [
    ReasonMeaning(
      "leading_data", .document, "Ada data sebelum awal berkas PDF.",
      "There is data before the start of the PDF."),
    ReasonMeaning(
      "truncated", .document, "Berkas terpotong: bagian akhirnya hilang.",
      "The file is cut off: its end is missing."),
    ReasonMeaning(
      "unsigned_trailing_data", .document, "Ada data tanpa tanda tangan setelah akhir berkas.",
      "There is unsigned data after the end of the file."),
    ReasonMeaning(
      "malformed_pdf", .document, "Susunan PDF rusak atau bermakna ganda.",
      "The structure of the PDF is broken or ambiguous."),
    ReasonMeaning(
      "overlapping_streams", .document, "Bagian-bagian PDF saling menimpa.",
      "Parts of the PDF lie over each other."),
    ReasonMeaning(
      "duplicate_signature", .document, "Satu tanda tangan dipakai lebih dari satu kali.",
      "One signature is used more than once."),
    ReasonMeaning(
      "malformed_signature", .document, "Kolom tanda tangan tidak tersusun dengan benar.",
      "A signature field is not built as it must be."),
    ReasonMeaning(
      "byterange_coverage", .document, "Tanda tangan tidak mencakup seluruh revisinya.",
      "The signature does not cover the whole of its revision."),
    ReasonMeaning(
      "byterange_gap", .document, "Celah yang tidak ditandatangani bukan wadah tanda tangan saja.",
      "The unsigned gap holds something other than the signature."),
    ReasonMeaning(
      "contents_not_plain_hex", .document, "Wadah tanda tangan berisi selain angka heksadesimal.",
      "The signature's container holds something other than hexadecimal digits."),
    ReasonMeaning(
      "contents_padding", .document, "Ada data tersembunyi di belakang tanda tangan.",
      "There is data hidden behind the signature."),
    ReasonMeaning(
      "modified_after_signing", .document, "Isi dokumen berubah setelah ditandatangani.",
      "The document was changed after it was signed."),
    ReasonMeaning(
      "docmdp_violation", .document, "Perubahan yang dilarang oleh penanda tangan pertama.",
      "A change that the first signer ruled out."),
    ReasonMeaning(
      "new_visible_field_after_certification", .document,
      "Kolom terlihat ditambahkan setelah dokumen disertifikasi.",
      "A visible field was added after the document was certified."),
    ReasonMeaning(
      "digest_mismatch", .document, "Isi yang ditandatangani tidak cocok dengan tanda tangannya.",
      "The signed content does not match its signature."),
    ReasonMeaning(
      "bad_signature", .document, "Tanda tangan tidak cocok dengan kunci penanda tangan.",
      "The signature does not match the signer's key."),
    ReasonMeaning(
      "wrong_content_type", .document, "Tanda tangan dibuat untuk jenis isi yang lain.",
      "The signature was made for another kind of content."),
    ReasonMeaning(
      "encapsulated_content", .document, "Tanda tangan membawa isi sendiri.",
      "The signature carries content of its own."),
    ReasonMeaning(
      "missing_attribute", .document, "Tanda tangan tidak memuat keterangan yang wajib.",
      "The signature lacks something that it must state."),
    ReasonMeaning(
      "missing_signing_certificate", .document, "Tanda tangan tidak menyebut sertifikatnya.",
      "The signature does not name its certificate."),
    ReasonMeaning(
      "signing_certificate_mismatch", .document, "Tanda tangan menyebut sertifikat lain.",
      "The signature names another certificate."),
    ReasonMeaning(
      "bad_certificate", .document, "Sertifikat dalam tanda tangan rusak atau diubah.",
      "A certificate in the signature is broken or was changed."),
    ReasonMeaning(
      "algorithm_mismatch", .document, "Algoritma tanda tangan saling bertentangan.",
      "The algorithms of the signature contradict each other."),
    ReasonMeaning(
      "changed_before_print", .document, "Berkas berubah antara pratinjau dan pencetakan.",
      "The file changed between preview and printing."),
  ]

  /// The file is none that this kiosk takes.
  static let eligibility = [
    ReasonMeaning("not_pdf", .document, "Berkas bukan PDF.", "The file is no PDF."),
    ReasonMeaning(
      "encrypted", .document, "PDF terenkripsi atau berkata sandi.",
      "The PDF is encrypted or has a password."),
    ReasonMeaning(
      "hybrid_file", .document, "PDF memuat dua daftar isi yang dapat berbeda.",
      "The PDF has two tables of its parts, which may differ."),
    ReasonMeaning(
      "malformed_pages", .document, "Susunan halaman PDF rusak.",
      "The page tree of the PDF is broken."),
    ReasonMeaning(
      "limits", .document, "Berkas melampaui batas ukuran, halaman, atau kerumitan.",
      "The file is beyond a limit of size, pages or complexity."),
    ReasonMeaning(
      "no_signature", .document, "Tidak ada tanda tangan elektronik seseorang.",
      "There is no electronic signature of a person."),
    ReasonMeaning(
      "unsupported_subfilter", .document, "Format tanda tangan tidak dikenal.",
      "The format of the signature is not known here."),
    ReasonMeaning(
      "active_content", .document, "PDF memuat skrip, lampiran, atau tindakan otomatis.",
      "The PDF holds a script, an attachment or an action."),
    ReasonMeaning(
      "unsupported_filter", .document, "PDF memakai pemampatan yang tidak diterima.",
      "The PDF uses a compression that is not taken."),
    ReasonMeaning(
      "multiple_signer_infos", .document, "Satu tanda tangan memuat beberapa penanda tangan.",
      "One signature holds several signers."),
    ReasonMeaning(
      "no_signed_attributes", .document, "Tanda tangan tanpa keterangan yang ditandatangani.",
      "The signature has no signed attributes."),
    ReasonMeaning(
      "weak_digest", .document, "Tanda tangan memakai sidik data yang lemah.",
      "The signature uses a weak digest."),
    ReasonMeaning(
      "weak_key", .document, "Kunci penanda tangan terlalu lemah.", "The signer's key is too weak."),
    ReasonMeaning(
      "unsupported_algorithm", .document, "Algoritma tanda tangan tidak diterima.",
      "The signature's algorithm is not taken."),
    ReasonMeaning(
      "too_large", .document, "Dokumen lebih besar dari batas mesin ini.",
      "The document is larger than this kiosk opens."),
    ReasonMeaning(
      "too_many_pages", .document, "Dokumen memuat lebih banyak halaman dari batas mesin ini.",
      "The document has more pages than this kiosk prints."),
    ReasonMeaning(
      "seal", .document, "Segel dokumen tidak dapat dibuka dengan kunci mesin ini.",
      "The document's seal does not open with this kiosk's key."),
  ]

  /// Intact, but who signed, when, or whether he still might cannot be proven.
  static let trust = [
    ReasonMeaning(
      "signer_certificate_missing", .trust, "Sertifikat penanda tangan tidak ada di dokumen.",
      "The signer's certificate is not in the document."),
    ReasonMeaning(
      "bad_timestamp", .trust, "Stempel waktu rusak atau bukan untuk tanda tangan ini.",
      "The time stamp is broken or not for this signature."),
    ReasonMeaning(
      "tsa_untrusted", .trust, "Stempel waktu berasal dari pihak yang tidak dipercaya.",
      "The time stamp comes from an authority that is not trusted."),
    ReasonMeaning(
      "tsa_revoked", .trust, "Sertifikat pemberi stempel waktu telah dicabut.",
      "The certificate of the time stamp authority was revoked."),
    ReasonMeaning(
      "tsa_expired", .trust, "Sertifikat pemberi stempel waktu telah kedaluwarsa.",
      "The certificate of the time stamp authority has run out."),
    ReasonMeaning(
      "untrusted_signer", .trust, "Sertifikat penanda tangan tidak berujung pada akar tepercaya.",
      "The signer's certificate does not lead to a trusted root."),
    ReasonMeaning(
      "issuer_not_pinned", .trust, "Penerbit sertifikat bukan penerbit yang diizinkan.",
      "The certificate's issuer is none that may certify signers."),
    ReasonMeaning(
      "expired", .trust, "Sertifikat penanda tangan sudah kedaluwarsa saat menandatangani.",
      "The signer's certificate had run out when he signed."),
    ReasonMeaning(
      "expired_no_poe", .trust,
      "Sertifikat penanda tangan kedaluwarsa dan waktu tanda tangan tidak terbukti.",
      "The signer's certificate has run out, and nothing proves when he signed."),
    ReasonMeaning(
      "not_yet_valid", .trust, "Sertifikat penanda tangan belum berlaku saat menandatangani.",
      "The signer's certificate was not valid yet when he signed."),
    ReasonMeaning(
      "key_usage", .trust, "Sertifikat itu bukan untuk menandatangani dokumen.",
      "The certificate is not made for signing documents."),
    ReasonMeaning(
      "signer_not_allowed", .trust, "Penanda tangan bukan pejabat yang diizinkan Dinas ini.",
      "The signer is none that this office allows."),
    ReasonMeaning(
      "revoked", .trust, "Sertifikat penanda tangan telah dicabut.",
      "The signer's certificate was revoked."),
    ReasonMeaning(
      "revocation_unknown", .trust,
      "Belum diketahui apakah sertifikat dicabut: perbarui daftar pencabutan (CRL).",
      "Nothing says whether the certificate was revoked: bring a newer revocation list (CRL)."),
  ]

  /// Nothing was found out about the document.
  static let machine = [
    ReasonMeaning(
      "clock_fault", .machine, "Jam mesin tertinggal dari daftar pencabutan: betulkan jamnya.",
      "The kiosk's clock is behind a revocation list: set it right."),
    ReasonMeaning(
      "trust_unusable", .machine,
      "Folder kepercayaan tidak dapat dipakai: jalankan anjungan trust show.",
      "The trust folder cannot be used: run anjungan trust show."),
    ReasonMeaning(
      "unreadable", .machine, "Berkas tidak dapat dibaca dari penyimpanan.",
      "The file could not be read."),
    ReasonMeaning(
      "helper_crashed", .machine, "Program pemeriksa berhenti mendadak: simpan berkas dan lapor.",
      "The verifier crashed: keep the file and report it."),
    ReasonMeaning(
      "helper_timeout", .machine, "Pemeriksaan melampaui batas waktu.",
      "The verification took longer than it may."),
    ReasonMeaning(
      "helper_malformed", .machine, "Jawaban program pemeriksa tidak dapat dipakai.",
      "The verifier's answer could not be used."),
    ReasonMeaning(
      "helper_unavailable", .machine, "Program pemeriksa tidak dapat dijalankan.",
      "The verifier cannot be started."),
    ReasonMeaning(
      "internal", .machine, "Pemeriksaan gagal karena kesalahan di dalam program.",
      "The verification failed by a fault of its own."),
    ReasonMeaning(
      "preview", .machine, "Pratinjau dokumen tidak dapat digambar.",
      "The preview of the document could not be drawn."),
    ReasonMeaning(
      "report", .machine, "Hasil pemeriksaan tidak lengkap.",
      "The answer of the verification is incomplete."),
    ReasonMeaning(
      "no_signer", .machine, "Hasil pemeriksaan tidak menyebut penanda tangan.",
      "The answer names no signer."),
  ]

  /// Revocation lists that were brought and not taken.
  static let lists = [
    ReasonMeaning(
      "list_unreadable", .trust, "Berkas bukan satu daftar pencabutan (CRL).",
      "The file is not one revocation list (CRL)."),
    ReasonMeaning(
      "list_issuer_unknown", .trust, "Penerbit daftar bukan akar atau penerbit yang dipercaya.",
      "The list's issuer is no root or issuer of ours."),
    ReasonMeaning(
      "list_bad_signature", .trust, "Tanda tangan daftar tidak cocok dengan kunci penerbitnya.",
      "The list's signature does not match its issuer's key."),
    ReasonMeaning(
      "list_weak_digest", .trust, "Daftar ditandatangani dengan sidik data yang lemah.",
      "The list is signed over a weak digest."),
    ReasonMeaning(
      "list_not_plain", .trust, "Daftar hanya sebagian, atau memuat syarat yang tidak dikenal.",
      "The list is partial, or demands something that is not known here."),
    ReasonMeaning(
      "list_without_number", .trust, "Daftar tidak bernomor.", "The list has no number."),
    ReasonMeaning(
      "list_in_future", .trust, "Daftar bertanggal masa depan: periksa jam mesin.",
      "The list is dated in the future: look at the kiosk's clock."),
    ReasonMeaning(
      "list_older", .trust, "Daftar lebih lama dari yang sudah ada.",
      "The list is older than the one that is held."),
    ReasonMeaning(
      "list_number_reused", .trust, "Nomornya sama dengan yang sudah ada, tetapi isinya lain.",
      "Its number is that of the list that is held, and its content is another."),
  ]
}
