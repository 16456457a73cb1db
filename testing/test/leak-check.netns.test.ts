import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { expectNoLeaks, leaks, snapshot } from '../leak-check.ts'
import { describeWith, ip, itWith, witness } from '../witness.ts'
import { addBridge, deleteBridge, mountTmpfs, unmount } from './host-changes.ts'

const run = (command: string): void => void witness('ip')?.(command.split(' '))

describe('the host of a test file', () => {
  it('has a loopback link that is up, and nothing else', () => {
    expect(snapshot().links).toEqual(['lo'])
    expect(networkInterfaces()['lo']?.map(({ address }) => address)).toContain('127.0.0.1')
  })

  it('has an empty /run', () => {
    expect(snapshot().files).toEqual([])
  })
})

describe('leaks', () => {
  it('finds nothing where nothing was changed', () => {
    expect(leaks(snapshot())).toEqual([])
  })

  it('names a bridge that was left', () => {
    const before = snapshot()
    addBridge('left0')
    expect(leaks(before)).toEqual(['+ links: left0'])
    deleteBridge('left0')
    expect(leaks(before)).toEqual([])
  })

  it('names a link that is gone', () => {
    addBridge('mine0')
    const before = snapshot()
    deleteBridge('mine0')
    expect(leaks(before)).toEqual(['- links: mine0'])
  })

  it('names a mount and a file below /run', () => {
    const before = snapshot()
    mkdirSync('/run/netns/folder', { recursive: true })
    mountTmpfs('/run/netns/folder')
    writeFileSync('/run/netns/blue', '')
    expect(leaks(before)).toEqual(['+ mounts: /run/netns/folder (tmpfs)', '+ files: /run/netns/blue'])
    unmount('/run/netns/folder')
    rmSync('/run/netns/blue')
    rmdirSync('/run/netns/folder')
  })

  it('names a process in another namespace, and a descriptor of that namespace', async () => {
    const before = snapshot()
    const child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 60'])
    await once(child.stdout, 'data')
    const fd = openSync(`/proc/${child.pid}/ns/net`, 'r')
    const found = leaks(before)
    closeSync(fd)
    child.kill()
    await once(child, 'exit')
    expect(found).toEqual([
      expect.stringMatching(/^\+ descriptors: an open descriptor of net:\[\d+\]$/),
      expect.stringMatching(new RegExp(`^\\+ tasks: child process ${child.pid} \\(\\w+\\) in net:\\[\\d+\\]$`)),
    ])
  })

  describeWith('ip', 'with links made by another program', () => {
    it('names both ends of a veth pair', () => {
      const before = snapshot()
      run('link add left0 type veth peer name left1')
      expect(leaks(before).sort()).toEqual(['+ links: left0', '+ links: left1'])
      run('link del left0')
    })

    it('names addresses of links that are down', () => {
      addBridge('br0')
      const before = snapshot()
      run('address add 10.1.2.3/24 dev br0')
      const found = leaks(before)
      deleteBridge('br0')
      expect(found).toEqual(['+ addresses: 10.1.2.3 on br0'])
    })

    it('names IPv4 and IPv6 addresses and their routes', () => {
      addBridge('br0')
      run('link set br0 up')
      const before = snapshot()
      run('address add 10.1.2.3/24 dev br0')
      run('address add 2001:db8::1/64 dev br0')
      run('route add 10.9.0.0/16 via 10.1.2.4')
      const found = leaks(before)
      run('link set br0 down')
      deleteBridge('br0')
      expect(found).toContain('+ addresses: 10.1.2.3 on br0')
      expect(found).toContain('+ addresses: 2001:0db8:0000:0000:0000:0000:0000:0001/64 on br0')
      expect(found).toContain('+ routes: 10.1.2.0/24 link UNICAST in table Main')
      expect(found).toContain('+ routes: 10.9.0.0/16 universe UNICAST in table Main')
      expect(found).toContain(
        '+ routes: 2001:0db8:0000:0000:0000:0000:0000:0000/64 via 0000:0000:0000:0000:0000:0000:0000:0000 on br0',
      )
    })

    it('names permanent neighbours, and no others', () => {
      addBridge('br0')
      run('link set br0 up')
      run('address add 10.1.2.3/24 dev br0')
      const before = snapshot()
      run('neighbour add 10.1.2.4 lladdr 02:00:00:00:00:04 nud permanent dev br0')
      run('neighbour add 10.1.2.5 lladdr 02:00:00:00:00:05 nud reachable dev br0')
      const found = leaks(before)
      run('link set br0 down')
      deleteBridge('br0')
      expect(found).toEqual(['+ neighbours: 10.1.2.4 at 02:00:00:00:00:04 on br0'])
    })

    it("does not take the kernel's own link-local addresses for leaks", () => {
      run('link add fixture0 type veth peer name fixture1')
      const before = snapshot()
      run('link set fixture0 up')
      run('link set fixture1 up')
      const found = leaks(before)
      run('link del fixture0')
      expect(found).toEqual([])
    })
  })
})

describe('expectNoLeaks', () => {
  it('waits for what goes away late', async () => {
    const before = snapshot()
    addBridge('late0')
    setTimeout(() => deleteBridge('late0'), 100)
    await expectNoLeaks(before)
  })

  it('throws with a list when the time is over', async () => {
    const before = snapshot()
    addBridge('left0')
    await expect(expectNoLeaks(before, 50)).rejects.toThrow(/\n\+ links: left0$/)
    deleteBridge('left0')
  })
})

describe('ip', () => {
  itWith('ip', 'sees the links of the host of this file', () => {
    addBridge('br0')
    expect(ip('link', 'show dev br0')).toMatchObject([{ ifname: 'br0', linkinfo: { info_kind: 'bridge' } }])
    deleteBridge('br0')
  })

  itWith(['ip', 'nsenter'], 'looks into another namespace', async () => {
    const child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 60'])
    await once(child.stdout, 'data')
    addBridge('br0')
    expect(ip('link', 'show', { namespace: `/proc/${child.pid}/ns/net` }).map(({ ifname }) => ifname)).toEqual(['lo'])
    deleteBridge('br0')
    child.kill()
    await once(child, 'exit')
  })
})
