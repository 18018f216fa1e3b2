/* raw-devices: the least that a C program has to do with a card reader, an A4 printer or a ticket
 * printer, as the measure of the drivers. No recovery, no checks of what is done by whom.
 *
 *   raw-devices watch                 a line for each card: microseconds of the monotonic clock when
 *                                     PC/SC told of it, and when it had answered SELECT 7F0A
 *   raw-devices photo                 at each line on stdin: reads the photo of the card in the first
 *                                     reader; tells the microseconds it took, and the bytes
 *   raw-devices document URI FILE     at each line on stdin: Create-Job and Send-Document; tells the
 *                                     moment of the start, and the job's number
 *   raw-devices ticket PORT FILE      at each line on stdin: connects to 127.0.0.1:PORT, writes the
 *                                     file, waits for the answer to the GS r 1 at its end; tells the
 *                                     microseconds it took */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <cups/cups.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

static long now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void die(const char *what) {
  fprintf(stderr, "raw-devices: %s\n", what);
  exit(2);
}

static void ready(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("ready");
}

/* ---------- cards ---------- */

static SCARDCONTEXT context;
static char reader[4096];  // the first of the names, each ends in zero

static void find_reader(void) {
  DWORD size = sizeof reader;
  if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS) die("no pcscd");
  if (SCardListReaders(context, NULL, reader, &size) != SCARD_S_SUCCESS) die("no reader");
}

static DWORD transmit(SCARDHANDLE card, DWORD protocol, const uint8_t *apdu, DWORD count, uint8_t *out,
                      DWORD room) {
  SCARD_IO_REQUEST header = {protocol, sizeof header};
  if (SCardTransmit(card, &header, apdu, count, NULL, out, &room) != SCARD_S_SUCCESS) die("no answer");
  if (room < 2 || out[room - 2] != 0x90 || out[room - 1] != 0) die("refused");
  return room - 2;
}

static const uint8_t select_application[] = {0, 0xA4, 0, 0, 2, 0x7F, 0x0A};
static const uint8_t select_photo[] = {0, 0xA4, 0, 0, 2, 0x6F, 0xF2};

static SCARDHANDLE connect_card(DWORD *protocol) {
  SCARDHANDLE card;
  if (SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
                   protocol) != SCARD_S_SUCCESS)
    die("no card");
  return card;
}

static void watch(void) {
  find_reader();
  SCARD_READERSTATE state = {.szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE};
  SCARDCONTEXT watching;
  if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &watching) != SCARD_S_SUCCESS) die("no pcscd");
  ready();
  for (int there = 0;;) {
    if (SCardGetStatusChange(watching, INFINITE, &state, 1) != SCARD_S_SUCCESS) die("the wait failed");
    long told = now_us();
    state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
    int present = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
    if (present && !there) {
      DWORD protocol;
      uint8_t out[258];
      SCARDHANDLE card = connect_card(&protocol);
      transmit(card, protocol, select_application, sizeof select_application, out, sizeof out);
      printf("%ld %ld\n", told, now_us());
      SCardDisconnect(card, SCARD_LEAVE_CARD);
    }
    there = present;
  }
}

static void photo(void) {
  static uint8_t bytes[1 << 16];
  find_reader();
  ready();
  while (getchar() != EOF) {
    long began = now_us();
    DWORD protocol;
    uint8_t out[260];
    SCARDHANDLE card = connect_card(&protocol);
    transmit(card, protocol, select_application, sizeof select_application, out, sizeof out);
    transmit(card, protocol, select_photo, sizeof select_photo, out, sizeof out);
    const uint8_t first[] = {0, 0xB0, 0, 0, 2};
    transmit(card, protocol, first, sizeof first, out, sizeof out);
    unsigned length = out[0] << 8 | out[1], offset = 0;
    while (offset < length) {
      unsigned count = length - offset < 250 ? length - offset : 250, at = offset + 2;
      const uint8_t apdu[] = {0, 0xB0, at >> 8, at & 0xFF, count};
      if (transmit(card, protocol, apdu, sizeof apdu, out, sizeof out) != count) die("short");
      memcpy(bytes + offset, out, count);
      offset += count;
    }
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    printf("%ld %u\n", now_us() - began, length);
  }
}

/* ---------- files ---------- */

static uint8_t *read_file(const char *path, size_t *count) {
  FILE *f = fopen(path, "rb");
  if (!f) die("no such file");
  fseek(f, 0, SEEK_END);
  *count = (size_t)ftell(f);
  rewind(f);
  uint8_t *bytes = malloc(*count + 1);
  if (!bytes || fread(bytes, 1, *count, f) != *count) die("cannot read the file");
  fclose(f);
  return bytes;
}

/* ---------- documents ---------- */

static ipp_t *request_for(ipp_op_t operation, const char *uri) {
  ipp_t *request = ippNewRequest(operation);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, uri);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "raw");
  return request;
}

static void document(const char *uri, const char *path) {
  size_t count;
  uint8_t *bytes = read_file(path, &count);
  ready();
  while (getchar() != EOF) {
    long began = now_us();
    char resource[1024];
    cups_dest_t *dest = cupsGetDestWithURI("raw", uri);
    http_t *http = cupsConnectDest(dest, CUPS_DEST_FLAGS_DEVICE, 2000, NULL, resource, sizeof resource,
                                   NULL, NULL);
    if (!http) die("no printer");
    ipp_t *request = request_for(IPP_OP_CREATE_JOB, uri);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, "raw");
    ipp_t *answer = cupsDoRequest(http, request, resource);
    ipp_attribute_t *id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
    if (!id) die("no job");
    int number = ippGetInteger(id, 0);
    ippDelete(answer);
    request = request_for(IPP_OP_SEND_DOCUMENT, uri);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", number);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, "application/pdf");
    ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
    if (cupsSendRequest(http, request, resource, ippLength(request) + count) != HTTP_STATUS_CONTINUE ||
        cupsWriteRequestData(http, (const char *)bytes, count) != HTTP_STATUS_CONTINUE)
      die("the document was not taken");
    ippDelete(request);
    ippDelete(cupsGetResponse(http, resource));
    httpClose(http);
    cupsFreeDests(1, dest);
    printf("%ld %d\n", began, number);
  }
}

/* ---------- tickets ---------- */

static void ticket(int port, const char *path) {
  size_t count;
  uint8_t *bytes = read_file(path, &count);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  ready();
  while (getchar() != EOF) {
    long began = now_us();
    int s = socket(AF_INET, SOCK_STREAM, 0);
    uint8_t answer;
    if (connect(s, (struct sockaddr *)&address, sizeof address) != 0) die("no printer");
    for (size_t done = 0; done < count;) {
      ssize_t n = write(s, bytes + done, count - done);
      if (n <= 0) die("the ticket was not taken");
      done += (size_t)n;
    }
    /* Automatic status, four bytes of which the first has bit 4 alone of 0, 1, 4 and 7, is passed over. */
    for (int skip = 0;; skip -= skip > 0) {
      if (read(s, &answer, 1) != 1) die("no confirmation");
      if (skip == 0 && (answer & 0x93) == 0x10) skip = 4;
      else if (skip == 0 && (answer & 0x90) == 0) break;
    }
    long took = now_us() - began;
    close(s);
    printf("%ld\n", took);
  }
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "watch")) watch();
  else if (!strcmp(what, "photo")) photo();
  else if (!strcmp(what, "document") && argc == 4) document(argv[2], argv[3]);
  else if (!strcmp(what, "ticket") && argc == 4) ticket(atoi(argv[2]), argv[3]);
  else die("watch | photo | document URI FILE | ticket PORT FILE");
  return 0;
}
