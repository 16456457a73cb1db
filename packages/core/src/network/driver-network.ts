import type { DriverNetwork } from '@libnetwork/driver-sdk'
import type { NetworkRecord } from '../store/records.ts'

/** A network as its driver is told about it. */
export function driverNetwork(record: NetworkRecord, controller: string): DriverNetwork {
  return {
    id: record.id,
    name: record.name,
    internal: record.internal,
    subnets: record.subnets.map(({ poolId: _poolId, ...subnet }) => subnet),
    options: record.options,
    labels: record.labels,
    controller,
    driverState: record.driverState,
  }
}
