# Installs karmada-partner @VERSION@ for whoever runs this, below %LOCALAPPDATA%\Programs. It takes an archive only if its SHA-256 is the one
# that stands here.
#
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Prefix FOLDER]
#
# KARMADA_PARTNER_DOWNLOAD names another address with the same archives.
param([string] $Prefix = (Join-Path $env:LOCALAPPDATA 'Programs\karmada-partner'))
$ErrorActionPreference = 'Stop'
# Windows PowerShell shows progress so slowly that it takes longer than the download.
$ProgressPreference = 'SilentlyContinue'

$version = '@VERSION@'
$base = '@BASE@'
$sums = @'
@SUMS@
'@

if ($env:KARMADA_PARTNER_DOWNLOAD) { $base = $env:KARMADA_PARTNER_DOWNLOAD }
if (-not $base) { throw 'say where the archives are, in KARMADA_PARTNER_DOWNLOAD' }

# Windows on ARM runs it, too.
$target = 'x86_64-pc-windows-msvc'
$line = $sums -split "`r?`n" | Where-Object { $_.StartsWith("$target ") } | Select-Object -First 1
if (-not $line) { throw "karmada-partner $version wasn't released for $target" }
$name, $wanted = ($line -split ' ')[1, 2]

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory -Path $work | Out-Null
try {
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $archive = Join-Path $work $name
    Write-Host "Fetching $base/$name ..."
    Invoke-WebRequest -Uri "$base/$name" -OutFile $archive -UseBasicParsing
    $found = (Get-FileHash -Algorithm SHA256 -Path $archive).Hash.ToLowerInvariant()
    if ($found -ne $wanted) {
        throw "$name isn't what was released: its SHA-256 is $found, and should be $wanted. Nothing was installed"
    }
    Expand-Archive -Path $archive -DestinationPath $work
    $here = Join-Path $work "karmada-partner-$version-$target"
    New-Item -ItemType Directory -Force -Path $Prefix | Out-Null
    Copy-Item -Recurse -Force -Path (Join-Path $here '*') -Destination $Prefix
} finally {
    Remove-Item -Recurse -Force -Path $work
}

Write-Host "Installed karmada-partner ${version}: $Prefix\karmada-partner.exe"
$path = [Environment]::GetEnvironmentVariable('Path', 'User')
if (($path -split ';') -notcontains $Prefix) {
    [Environment]::SetEnvironmentVariable('Path', "$path;$Prefix".TrimStart(';'), 'User')
    Write-Host 'hint: it is on your Path from the next terminal on'
}
Write-Host 'hint: karmada-partner doctor says what else it takes'
