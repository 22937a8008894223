#!/usr/bin/env pwsh
# VoxMake on Windows: runs build.sh inside WSL2 and says so. On Linux it calls build.sh. All options go on: ./build.ps1 --target=Test
# A checkout inside WSL's own file system is many times faster than one on a Windows drive.

if ($IsLinux) {
    & "$PSScriptRoot/build.sh" @args
    exit $LASTEXITCODE
}

if ($IsMacOS) {
    [Console]::Error.WriteLine("VoxMake runs on Linux. On a Mac use a virtual machine or a container with Debian 12.")
    exit 2
}

if (-not (Get-Command wsl.exe -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine("VoxMake runs on Linux, here through WSL2, and there is no wsl.exe. Install it as administrator, then run this again:  wsl --install -d Debian")
    exit 2
}

wsl.exe --exec true
if ($LASTEXITCODE -ne 0) {
    [Console]::Error.WriteLine("WSL is there, but no Linux starts in it. Install one, then run this again:  wsl --install -d Debian")
    exit 2
}

# Forward slashes, because wslpath takes them and nothing on the way eats them.
$script = (wsl.exe --exec wslpath -a ($PSScriptRoot -replace '\\', '/')) + "/build.sh"
$here = (Get-Location).ProviderPath
[Console]::Error.WriteLine("running $script in WSL")
wsl.exe --cd "$here" --exec "$script" @args
exit $LASTEXITCODE
