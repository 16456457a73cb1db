import type { DriverModule } from '@libnetwork/driver-sdk'
import { bridge } from './bridge.ts'

const driver: DriverModule<'network'> = bridge()

export default driver
