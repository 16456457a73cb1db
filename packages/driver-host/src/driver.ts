import type { DriverModule } from '@libnetwork/driver-sdk'
import { hostDriver } from './host-driver.ts'

const driver: DriverModule<'network'> = hostDriver()

export default driver
