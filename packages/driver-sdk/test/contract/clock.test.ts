import { systemClock } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'

describe('systemClock', () => {
  it('sleeps', async () => {
    const before = systemClock.now()
    await systemClock.sleep(5)
    expect(systemClock.now()).toBeGreaterThanOrEqual(before)
  })

  it("rejects with the signal's reason when the signal has fired or fires", async () => {
    const reason = new Error('enough')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const sleeping = systemClock.sleep(60_000, controller.signal)
    controller.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })
})
