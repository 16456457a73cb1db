import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants as fs } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as constants from '../../src/sys/constants.ts'

const HEADERS = [
  'fcntl.h',
  'sched.h',
  'sys/mount.h',
  'sys/socket.h',
  'netinet/in.h',
  'net/if.h',
  'linux/if_tun.h',
  'linux/sockios.h',
]

/** The constants' values according to the C headers of this machine. */
function valuesInC(names: readonly string[]): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'constants-'))
  try {
    const includes = HEADERS.map((header) => `#include <${header}>`)
    const prints = names.map(
      (name) => `printf("%s\\"${name}\\": %lu", separator, (unsigned long)${name}); separator = ",";`,
    )
    const main = ['int main(void) {', 'const char *separator = "";', 'printf("{");', ...prints, 'printf("}");', '}']
    const source = ['#define _GNU_SOURCE', '#include <stdio.h>', ...includes, ...main].join('\n')
    writeFileSync(join(folder, 'constants.c'), source)
    execFileSync('cc', ['-o', join(folder, 'constants'), join(folder, 'constants.c')])
    return JSON.parse(execFileSync(join(folder, 'constants'), { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('constants', () => {
  it('agree with those that Node knows', () => {
    expect(constants).toMatchObject({ O_RDONLY: fs.O_RDONLY, O_RDWR: fs.O_RDWR })
  })

  const hasCompiler = spawnSync('cc', ['--version']).status === 0
  it.skipIf(!hasCompiler)('are those of the C headers (witness: cc)', () => {
    expect({ ...constants }).toEqual(valuesInC(Object.keys(constants)))
  })
})
