# Installs karmada-partner @VERSION@ for whoever runs this, below %LOCALAPPDATA%\Programs. It takes an archive only if its SHA-256 is the one
# that stands here.
#
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Prefix FOLDER]
#
# KARMADA_PARTNER_DOWNLOAD names another address with the same archives.
[CmdletBinding(PositionalBinding = $false)]
param([string] $Prefix = '')

# In a scope of its own: run by iex, it changes nothing of the session's. What was cut off on its way does nothing.
& {
    $ErrorActionPreference = 'Stop'
    # Windows PowerShell shows progress so slowly that it takes longer than the download.
    $ProgressPreference = 'SilentlyContinue'

    $version = '@VERSION@'
    $base = '@BASE@'
    $sums = @'
@SUMS@
'@

    # In one step, so that nobody ever sees half of it.
    function Install-File([string] $File, [string] $Folder) {
        New-Item -ItemType Directory -Force -Path $Folder | Out-Null
        $name = Split-Path -Leaf $File
        $new = Join-Path $Folder ".$name.new"
        $there = Join-Path $Folder $name
        Copy-Item -Force -LiteralPath $File -Destination $new
        if (Test-Path -LiteralPath $there) {
            [IO.File]::Replace($new, $there, [NullString]::Value)
        } else {
            [IO.File]::Move($new, $there)
        }
    }

    if ($env:OS -ne 'Windows_NT') { throw 'this is for Windows; elsewhere, run install.sh' }
    # Windows on ARM runs it, too.
    if (-not [Environment]::Is64BitOperatingSystem) { throw 'there is no archive for a Windows of 32 bits' }
    if (-not $Prefix) { $Prefix = Join-Path $env:LOCALAPPDATA 'Programs\karmada-partner' }
    if ($Prefix -notmatch '^([A-Za-z]:[\\/]|\\\\).') { throw 'say where to install it, with -Prefix and a folder that begins with a drive' }
    if ($env:KARMADA_PARTNER_DOWNLOAD) { $base = $env:KARMADA_PARTNER_DOWNLOAD }
    if (-not $base) { throw 'say where the archives are, in KARMADA_PARTNER_DOWNLOAD' }

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
        try {
            Invoke-WebRequest -Uri "$base/$name" -OutFile $archive -UseBasicParsing
        } catch {
            throw "$base/$name can't be fetched: $($_.Exception.Message)"
        }
        $found = (Get-FileHash -Algorithm SHA256 -LiteralPath $archive).Hash.ToLowerInvariant()
        if ($found -ne $wanted) {
            throw "$name isn't what was released: its SHA-256 is $found, and should be $wanted. Nothing was installed"
        }
        Expand-Archive -LiteralPath $archive -DestinationPath $work
        $here = [IO.DirectoryInfo] (Join-Path $work "karmada-partner-$version-$target")
        foreach ($file in $here.GetFiles('*', 'AllDirectories')) {
            Install-File $file.FullName ($Prefix + $file.DirectoryName.Substring($here.FullName.Length))
        }
    } finally {
        Remove-Item -Recurse -Force -LiteralPath $work
    }

    Write-Host "Installed karmada-partner ${version}: $Prefix\karmada-partner.exe"
    if (($env:Path -split ';') -notcontains $Prefix) {
        Write-Host "hint: your Path lacks it: `$env:Path += ';$Prefix'; for good by Settings, `"Edit environment variables for your account`""
    }
    Write-Host 'hint: karmada-partner doctor says what else it takes'
}
