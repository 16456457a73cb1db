import { readFileSync } from 'node:fs'
import { parseManifest } from '@libnetwork/driver-sdk'
import { networkDriverConformance } from '@libnetwork/driver-sdk/conformance'
import { describe, it } from 'vitest'
import driver from '../src/driver.ts'

const packageJson: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

networkDriverConformance(
  { describe, it },
  { driver, manifest: parseManifest(packageJson, 'package.json'), singleNetwork: true },
)
