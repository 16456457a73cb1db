import { defineConfig } from 'tsup'
import { preset } from '../../tsup.base.ts'

export default defineConfig(
  preset({ entry: { index: 'src/index.ts', 'conformance/index': 'src/conformance/index.ts' } }),
)
