// Handing an open file to a child that runs already, over a Unix socket (SCM_RIGHTS).
#pragma once
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/// Two connected ends that keep messages apart; closed at exec. 0, or -1 with errno.
static inline int clinux_socket_pair(int *ends) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

/// Sends `file` as one message. -1 with errno when the other end is gone.
static inline int clinux_send_file(int socket, int file) {
  char byte = 0;
  struct iovec piece = {&byte, 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {0};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &file, sizeof file);
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == 1 ? 0 : -1;
}

enum { CLINUX_NO_FILE = -1, CLINUX_PEER_GONE = -2 };

/// Waits for one message and returns the file in it; CLINUX_PEER_GONE at the end of the
/// conversation, CLINUX_NO_FILE for a message that does not carry exactly one file.
static inline int clinux_receive_file(int socket) {
  char byte = 0;
  struct iovec piece = {&byte, 1};
  union {
    struct cmsghdr header;
    // Alignment leaves room for a second one where pointers have 64 bits. A message with two gives
    // another cmsg_len and is not taken.
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {0};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  ssize_t received;
  do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received <= 0) return CLINUX_PEER_GONE;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof(int)))
    return CLINUX_NO_FILE;
  int file = -1;
  memcpy(&file, CMSG_DATA(header), sizeof file);
  if (file >= 0 && (message.msg_flags & MSG_CTRUNC)) {
    close(file);
    return CLINUX_NO_FILE;
  }
  return file < 0 ? CLINUX_NO_FILE : file;
}
