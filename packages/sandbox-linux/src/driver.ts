import type { DriverModule } from '@libnetwork/driver-sdk'
import { sandboxLinux } from './sandbox-linux.ts'

const driver: DriverModule<'sandbox'> = sandboxLinux()

export default driver
