/** Who listens to a socket. */
export interface NetlinkSocketListener {
  /** A datagram has come: one or more messages. */
  onDatagram(datagram: Buffer): void
  /** The socket failed. `ENOBUFS` means that datagrams were lost; the socket goes on. */
  onError(error: Error & { readonly code?: string | undefined }): void
}

/** A netlink socket: the one seam between this package and the kernel. Tests put a fake in its place. */
export interface NetlinkSocket {
  /** Begins to deliver. Called once. */
  listen(listener: NetlinkSocketListener): void
  /** Sends the bytes as one datagram. They must not change before the answer has come. */
  send(bytes: Uint8Array): void
  /** Joins a multicast group by its number. */
  addMembership(group: number): void
  /** Keeps the process alive. */
  ref(): void
  /** Does not keep the process alive. */
  unref(): void
  /** Closes the socket. */
  close(): void
}
