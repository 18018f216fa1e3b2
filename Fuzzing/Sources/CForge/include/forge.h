// Certificates and signatures of an authority that exists only inside a fuzzing process: what it
// signs passes the mathematics, so that mutated content reaches the rules behind them.
//
// The keys are computed from a text, the same in every process: an input that was found yesterday
// fails again today. Nothing outside the fuzzer believes them.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum ForgeSigner { FORGE_AUTHORITY, FORGE_PERSON, FORGE_STAMPER };

/// Whether what is allocated from now on is left out of the search for leaks: values that live as
/// long as the process, which the search cannot see through Swift's marked pointers.
void forge_keeps_allocations(int keeps);

// Each of the following writes DER to `out` and returns its length; 0 when it cannot, or when `size`
// is too small.

/// The certificate of a signer.
size_t forge_certificate(enum ForgeSigner who, uint8_t *out, size_t size);
/// ecdsa-with-SHA256 over `data`.
size_t forge_signature(
    enum ForgeSigner who, const uint8_t *data, size_t count, uint8_t *out, size_t size);
/// A CAdES message: the person's over detached `content`, or the stamper's token around a TSTInfo.
size_t forge_message(
    enum ForgeSigner who, const uint8_t *content, size_t count, uint8_t *out, size_t size);
/// A revocation list of the authority, with the person on it if `revoked`.
size_t forge_list(int64_t time, int revoked, uint8_t *out, size_t size);
/// An OCSP answer of the authority about the person.
size_t forge_answer(int64_t time, int revoked, uint8_t *out, size_t size);
