#!/bin/sh
# Runs Node in fresh network and mount namespaces, with an empty /run. All threads of the process are inside, libuv's
# pool included, which a later unshare(2) by the process itself could not achieve.
if [ "$(id -u)" != 0 ]; then user='--user --map-root-user'; fi
# shellcheck disable=SC2086
exec unshare ${user-} --net --mount /bin/sh -c 'mount -t tmpfs -o mode=755 tmpfs /run && exec "$@"' sh "$LIBNETWORK_TEST_NODE" "$@"
