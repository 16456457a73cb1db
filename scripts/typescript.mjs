// Lets Node run the workspace's TypeScript sources without a build: `node --import ./scripts/typescript.mjs`. In contrast
// to tsx it works in Workers too, under every Node that we support.
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
