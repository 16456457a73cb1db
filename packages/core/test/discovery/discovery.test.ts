import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { symlinkSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { createController, type Controller, type ControllerOptions } from '../../src/index.ts'
import { driverCode, entry, FixtureApplication, importedDrivers, type FixturePackage } from './fixture-application.ts'

const cleanUps: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

let count = 0

/** A name that no other test has used, since a module is imported once in a process. */
function fresh(): string {
  return `fixture-${++count}`
}

async function controllerOf(
  packages: Readonly<Record<string, FixturePackage>>,
  drivers: ControllerOptions['drivers'] = {},
): Promise<{ readonly controller: Controller; readonly application: FixtureApplication }> {
  const application = new FixtureApplication(packages)
  cleanUps.push(() => application.remove())
  const controller = await createController({ from: application.path('main.js'), drivers })
  cleanUps.push(() => controller.close())
  return { controller, application }
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isLibnetworkError(error) ? error.code : error
}

/** Using the driver gets as far as its missing schema, or fails before. */
async function use(controller: Controller, driver: string): Promise<unknown> {
  return await codeOf(controller.createNetwork('x', { driver }))
}

describe('discovery', () => {
  it('finds drivers among the dependencies of the application, without importing them', async () => {
    const name = fresh()
    const manifest = { manifest: 1, drivers: [entry(name, { aliases: ['other'], capabilities: ['ipv6'] })] }
    const { controller, application } = await controllerOf(
      { a: { manifest, code: driverCode(name) }, plain: {} },
      { allow: ['a'] },
    )
    expect(controller.drivers()).toEqual([
      {
        kind: 'network',
        name,
        aliases: ['other'],
        package: 'a',
        version: '1.2.3',
        root: application.path('node_modules/a'),
        api: '^0.1.0',
        capabilities: ['ipv6'],
        state: 'ready',
      },
    ])
    expect(importedDrivers()).not.toContain(name)
    await use(controller, 'other')
    expect(importedDrivers().filter((imported) => imported === name)).toHaveLength(1)
    await use(controller, name)
    expect(importedDrivers().filter((imported) => imported === name)).toHaveLength(1)
    expect(controller.drivers()[0]?.state).toBe('loaded')
  })

  it('runs no code that nobody has allowed, and says what to add', async () => {
    const name = fresh()
    const manifest = { manifest: 1, drivers: [entry(name)] }
    const { controller } = await controllerOf({ '@scope/a': { manifest, code: driverCode(name) } })
    const [row] = controller.drivers()
    expect(row?.state).toBe('not-allowed')
    expect(row?.reason).toContain('"@scope/a"')
    expect(row?.reason).toContain('drivers.allow')
    expect(await use(controller, name)).toBe('ERR_DRIVER_NOT_ALLOWED')
    expect(importedDrivers()).not.toContain(name)
  })

  it('does not trust a package for its scope', async () => {
    const manifest = { manifest: 1, drivers: [entry('bridge')] }
    const { controller } = await controllerOf({ '@libnetwork/driver-evil': { manifest } })
    expect(controller.drivers().map(({ state }) => state)).toEqual(['not-allowed'])
  })

  it('takes packages that it is told about, by name and by folder', async () => {
    const [one, two] = [fresh(), fresh()]
    const application = new FixtureApplication({ a: { manifest: { manifest: 1, drivers: [entry(one)] } } })
    cleanUps.push(() => application.remove())
    application.write(
      'elsewhere/package.json',
      JSON.stringify({ name: 'b', libnetwork: { manifest: 1, drivers: [entry(two)] } }),
    )
    application.write('elsewhere/driver.js', driverCode(two))
    const packages = ['a', application.path('elsewhere'), 'not-installed']
    const controller = await createController({ from: application.root, drivers: { packages } })
    cleanUps.push(() => controller.close())
    expect(controller.drivers().map(({ name, state }) => [name, state])).toEqual([
      [one, 'ready'],
      [two, 'ready'],
      ['not-installed', 'missing'],
    ])
  })

  it('names both packages of one name, until one is preferred', async () => {
    const name = fresh()
    const manifest = { manifest: 1, drivers: [entry(name)] }
    const packages = { a: { manifest, code: driverCode(name) }, b: { manifest, code: driverCode(name) } }
    const { controller } = await controllerOf(packages, { allow: ['a', 'b'] })
    expect(controller.drivers().map(({ state }) => state)).toEqual(['conflict', 'conflict'])
    expect(controller.drivers()[0]?.reason).toMatch(/a and b/)
    expect(await use(controller, name)).toBe('ERR_DRIVER_CONFLICT')
    const preferring = await controllerOf(packages, { allow: ['a', 'b'], prefer: { [`network/${name}`]: 'b' } })
    expect(preferring.controller.drivers().map((row) => [row.package, row.state])).toEqual([
      ['a', 'disabled'],
      ['b', 'ready'],
    ])
  })

  it.each([
    ['a driver', (name: string) => [`network/${name}`]],
    ['a package', () => ['a']],
  ])('leaves away %s that is disabled', async (_title, disable) => {
    const name = fresh()
    const manifest = { manifest: 1, drivers: [entry(name)] }
    const { controller } = await controllerOf({ a: { manifest } }, { allow: ['a'], disable: disable(name) })
    expect(controller.drivers().map(({ state }) => state)).toEqual(['disabled'])
    expect(await use(controller, name)).toBe('ERR_DRIVER_UNAVAILABLE')
  })

  it('a problem in one package harms no other', async () => {
    const good = fresh()
    const manifest = (more: Readonly<Record<string, unknown>>): unknown => ({
      manifest: 1,
      drivers: [entry('bad', more)],
    })
    const { controller } = await controllerOf(
      {
        a: { manifest: { manifest: 1, drivers: [entry(good)] }, code: driverCode(good) },
        b: { manifest: { manifest: 99, drivers: [] } },
        c: { manifest: manifest({ name: 'Not A Name' }) },
        d: { manifest: manifest({ entry: '../../outside.js' }) },
        e: { manifest: manifest({ name: 'gone', entry: './gone.js' }) },
        f: { manifest: manifest({ name: 'old', api: '^99.0.0' }) },
        g: { manifest: 'yes' },
      },
      { allow: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    )
    expect(Object.fromEntries(controller.drivers().map((row) => [row.package, row.state]))).toEqual({
      a: 'ready',
      b: 'invalid',
      c: 'invalid',
      d: 'invalid',
      e: 'missing',
      f: 'incompatible',
      g: 'invalid',
    })
    expect(controller.drivers().every(({ state, reason }) => state === 'ready' || reason !== undefined)).toBe(true)
    expect(await use(controller, 'old')).toBe('ERR_DRIVER_API_MISMATCH')
    expect(await use(controller, 'gone')).toBe('ERR_DRIVER_UNAVAILABLE')
  })

  it('an entry that leads out of its package by a link is refused', async () => {
    const name = fresh()
    const application = new FixtureApplication({
      a: { manifest: { manifest: 1, drivers: [entry(name, { entry: './link.js' })] } },
    })
    cleanUps.push(() => application.remove())
    application.write('outside.js', driverCode(name))
    symlinkSync(application.path('outside.js'), application.path('node_modules/a/link.js'))
    const controller = await createController({ from: application.root, drivers: { allow: ['a'] } })
    cleanUps.push(() => controller.close())
    expect(controller.drivers().map(({ state }) => state)).toEqual(['missing'])
  })

  it.each([
    ['throws', "throw new Error('broken')", 'ERR_DRIVER_LOAD'],
    ['exports no driver', 'export default {}', 'ERR_DRIVER_CONTRACT'],
    ['exports nothing', '', 'ERR_DRIVER_CONTRACT'],
    ['is another driver', driverCode('somebody-else'), 'ERR_DRIVER_CONTRACT'],
    ['is no JavaScript', 'this is not code', 'ERR_DRIVER_LOAD'],
  ])('code that %s is an error of that driver', async (_title, code, expected) => {
    const name = fresh()
    const { controller } = await controllerOf(
      { a: { manifest: { manifest: 1, drivers: [entry(name)] }, code } },
      { allow: ['a'] },
    )
    expect(await use(controller, name)).toBe(expected)
    expect(controller.drivers()[0]?.state).toBe('failed')
  })

  it('objects win over packages', async () => {
    const name = fresh()
    const module = (await import('@libnetwork/driver-sdk')).defineNetworkDriver({
      name,
      scope: 'local',
      capabilities: [],
      networkOptions: (await import('@libnetwork/driver-sdk')).noOptions,
      endpointOptions: (await import('@libnetwork/driver-sdk')).noOptions,
      createNetwork: async () => Promise.resolve({}),
      deleteNetwork: async () => Promise.resolve(),
      createEndpoint: async () => Promise.resolve({}),
      deleteEndpoint: async () => Promise.resolve(),
      join: async () => Promise.resolve({ info: { interfaces: [] } }),
      leave: async () => Promise.resolve(),
    })
    const { controller } = await controllerOf(
      { a: { manifest: { manifest: 1, drivers: [entry(name)] } } },
      { allow: ['a'], use: [module] },
    )
    expect(controller.drivers().map((row) => [row.package, row.state])).toEqual([
      [undefined, 'ready'],
      ['a', 'disabled'],
    ])
  })

  it('needs to know the application', async () => {
    expect(await codeOf(createController({ from: '/nowhere/at/all.js' }))).toBe('ERR_HOST_APPLICATION')
    const application = new FixtureApplication({})
    cleanUps.push(() => application.remove())
    application.write('package.json', '{ broken')
    expect(await codeOf(createController({ from: application.path('main.js') }))).toBe('ERR_HOST_APPLICATION')
  })

  it('says which drivers there are when one is asked for that is not', async () => {
    const name = fresh()
    const { controller } = await controllerOf(
      { a: { manifest: { manifest: 1, drivers: [entry(name)] } } },
      { allow: ['a'] },
    )
    const error = await controller.createNetwork('x', { driver: 'nobody' }).catch((thrown: unknown) => thrown)
    expect(isLibnetworkError(error, 'ERR_DRIVER_NOT_FOUND') && error.details).toMatchObject({
      kind: 'network',
      name: 'nobody',
      known: [name],
    })
  })
})
