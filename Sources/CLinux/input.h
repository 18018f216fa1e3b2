// The kernel's input devices (linux/input.h); ioctl(2) is variadic.
#pragma once
#include <linux/input.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

// What a device is read in; its parts are taken from the bytes by their places.
_Static_assert(sizeof(struct input_event) == 24, "a kernel with times of 64 bits");

/// Takes the device for this descriptor alone: its keys reach no window. -1 with errno, EBUSY where
/// somebody else has it. Ends when the descriptor is closed.
static inline int clinux_input_grab(int file) { return ioctl(file, EVIOCGRAB, 1); }

/// Lets the events bear the time of CLOCK_MONOTONIC, which nobody sets.
static inline int clinux_input_use_monotonic(int file) {
  int clock = 1;  // CLOCK_MONOTONIC
  return ioctl(file, EVIOCSCLOCKID, &clock);
}

/// The device's own name, cut to `size`; its length, or -1.
static inline int clinux_input_name(int file, char *name, int size) {
  return ioctl(file, EVIOCGNAME(size), name);
}

/// Vendor and product of the bus that the device hangs on. -1 with errno.
static inline int clinux_input_ids(int file, uint16_t *vendor, uint16_t *product) {
  struct input_id found;
  int status = ioctl(file, EVIOCGID, &found);
  if (status < 0) return status;
  *vendor = found.vendor;
  *product = found.product;
  return 0;
}

static inline int clinux_has_bit(const unsigned char *bits, unsigned bit) {
  return bits[bit / 8] >> (bit % 8) & 1;
}

/// Whether it can type digits and Enter: a scanner may have further parts, with buttons alone.
static inline int clinux_input_types(int file) {
  unsigned char keys[KEY_MAX / 8 + 1];
  memset(keys, 0, sizeof keys);
  if (ioctl(file, EVIOCGBIT(EV_KEY, sizeof keys), keys) < 0) return 0;
  return clinux_has_bit(keys, KEY_1) && clinux_has_bit(keys, KEY_0) && clinux_has_bit(keys, KEY_ENTER);
}

/// Whether a key is held now; 0 also for what is no input device.
static inline int clinux_input_is_held(int file, unsigned code) {
  unsigned char keys[KEY_MAX / 8 + 1];
  memset(keys, 0, sizeof keys);
  if (code > KEY_MAX || ioctl(file, EVIOCGKEY(sizeof keys), keys) < 0) return 0;
  return clinux_has_bit(keys, code);
}

/// Whether its lamp of caps lock is lit; 0 also for what has none.
static inline int clinux_input_has_caps_lock(int file) {
  unsigned char lamps[LED_MAX / 8 + 1];
  memset(lamps, 0, sizeof lamps);
  if (ioctl(file, EVIOCGLED(sizeof lamps), lamps) < 0) return 0;
  return clinux_has_bit(lamps, LED_CAPSL);
}
