Install-WindowsFeature -Name RDS-RD-Server -IncludeManagementTools
