import type { DriverModule } from '@libnetwork/driver-sdk'
import { nullDriver } from './null-driver.ts'

const driver: DriverModule<'network'> = nullDriver()

export default driver
