$ErrorActionPreference = 'Stop'
Set-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\Explorer -Name NoUseStoreOpenWith -Value 1
New-Item -ItemType Directory -Force -Path C:\Office
