import type { DriverEndpoint } from '@libnetwork/driver-sdk'
import type { EndpointRecord } from '../store/records.ts'

/** An endpoint as its driver is told about it. */
export function driverEndpoint(record: EndpointRecord): DriverEndpoint {
  return {
    id: record.id,
    name: record.name,
    addresses: record.addresses.map(({ address }) => address),
    macAddress: record.macAddress,
    options: record.options,
    labels: record.labels,
    ports: record.ports,
    driverState: record.driverState,
  }
}
