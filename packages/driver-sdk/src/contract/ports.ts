/** Transport protocols whose ports can be published. */
export type PortProtocol = 'tcp' | 'udp' | 'sctp'

/** A port, or a range of ports, of a container that shall be reachable from outside. */
export interface PortRequest {
  /** First port inside the container, 1 to 65535. */
  readonly container: number
  /** Last port inside the container, for a range. */
  readonly containerEnd?: number | undefined
  /** Transport protocol. Default `tcp`. */
  readonly protocol?: PortProtocol | undefined
  /** Host address to publish on, address text. Default: all addresses. */
  readonly hostAddress?: string | undefined
  /** First host port; 0 or nothing lets the driver choose. */
  readonly host?: number | undefined
  /** Last host port: the driver chooses within the range, or maps range to range. */
  readonly hostEnd?: number | undefined
}

/** A port that is published. */
export interface PortBinding {
  /** Transport protocol. */
  readonly protocol: PortProtocol
  /** The container's address, address text. */
  readonly containerAddress: string
  /** First port inside the container. */
  readonly container: number
  /** Last port inside the container; equal to `container` for a single port. */
  readonly containerEnd: number
  /** The host address, address text. */
  readonly hostAddress: string
  /** First host port. */
  readonly host: number
  /** Last host port. */
  readonly hostEnd: number
  /** What carries it: the kernel's address translation, or a proxy in this process. */
  readonly via: 'kernel' | 'proxy'
}
