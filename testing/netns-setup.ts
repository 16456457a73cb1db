// Vitest loads this file first in the process of every *.netns.test.ts, which is in fresh namespaces (namespace-pool.ts).
import { aroundAll, aroundEach } from 'vitest'
import { setLinkUp } from './interface-ioctl.ts'
import { checksLeaksPerTest, expectNoLeaks, snapshot } from './leak-check.ts'

setLinkUp('lo')

let failed = false

// Around everything, so that what a test cleans up in any hook is gone when we look. A failed test has told what is wrong,
// and what it left behind would only hide that.
aroundEach(async (runTest, { task }) => {
  const before = snapshot()
  await runTest()
  if (task.result?.state === 'fail') failed = true
  else if (checksLeaksPerTest() && task.result?.state === 'pass') await expectNoLeaks(before)
})

aroundAll(async (runSuite) => {
  const before = snapshot()
  await runSuite()
  if (!failed) await expectNoLeaks(before)
})
