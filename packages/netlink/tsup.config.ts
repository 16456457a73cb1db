import { defineConfig } from 'tsup'
import { preset } from '../../tsup.base.ts'

export default defineConfig(preset({ entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' } }))
