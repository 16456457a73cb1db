import type { TapSource } from '@libnetwork/driver-sdk'
import {
  IFF_MULTI_QUEUE,
  IFF_NO_PI,
  IFF_TAP,
  IFF_VNET_HDR,
  IFNAMSIZ,
  O_RDWR,
  TUNSETIFF,
  TUNSETOWNER,
  TUNSETPERSIST,
} from '../sys/constants.ts'
import { close, ioctl, ioctlNumber, open } from '../sys/syscalls.ts'

const DEVICE = '/dev/net/tun'
// struct ifreq of <linux/if.h>
const IFREQ_SIZE = 40

/**
 * Makes a tap device that stays, in the namespace of the calling thread. Whoever opens `/dev/net/tun` there with its name
 * gets its frames, with the virtio header in front.
 *
 * @throws `ERR_SYSCALL`
 */
export function makeTap(name: string, source: TapSource): void {
  const fd = open(DEVICE, O_RDWR)
  try {
    const request = Buffer.alloc(IFREQ_SIZE)
    request.write(name, 0, IFNAMSIZ - 1)
    const flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | (source.multiQueue === true ? IFF_MULTI_QUEUE : 0)
    request.writeUInt16LE(flags, IFNAMSIZ)
    ioctl(fd, TUNSETIFF, request, `${DEVICE} ${name}`)
    if (source.owner !== undefined) ioctlNumber(fd, TUNSETOWNER, source.owner, name)
    ioctlNumber(fd, TUNSETPERSIST, 1, name)
  } finally {
    close(fd)
  }
}
