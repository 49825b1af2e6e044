$ErrorActionPreference = 'Stop'
$disk = Mount-DiskImage -PassThru -ImagePath C:\Users\packer\windows.iso
$letter = ($disk | Get-Volume).DriveLetter
Start-Process -Wait -FilePath "${letter}:\setup64.exe" -ArgumentList '/S /v"/qn REBOOT=R"'
Dismount-DiskImage -InputObject $disk
