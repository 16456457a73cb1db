import { networkDriverConformance, testContext } from '@libnetwork/driver-sdk/conformance'
import { createSandboxProvider } from '@libnetwork/sandbox-linux'
import { afterAll, describe, it } from 'vitest'
import driver from '../src/driver.ts'

const provider = createSandboxProvider({ engine: 'inline' })
const { host } = provider
if (host === undefined) throw new Error('the provider gives no access to the host')

afterAll(() => provider.close())

describe('on the real kernel', () => {
  networkDriverConformance({ describe, it }, { driver, context: () => testContext({ host }) })
})
