"""What a command costs: for benchmarks of whole processes."""
import os
import subprocess
import sys


def cpu(command):
    """Seconds of processor time, and peak memory in MB."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit(f"{command[0]} exited with {os.waitstatus_to_exitcode(status)}: {said}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
