@rem Runs the Maven that .mvn\wrapper\maven-wrapper.properties pins, with the arguments given.
@rem The twin of mvnw, which explains the steps. Maven inherits the variables: hence the prefix.
@echo off
setlocal

set "mvnw_project=%~dp0"
set "mvnw_project=%mvnw_project:~0,-1%"

set "mvnw_java=java"
if defined JAVA_HOME set "mvnw_java=%JAVA_HOME%\bin\java"

for /f "usebackq eol=# tokens=1,* delims==" %%a in ("%mvnw_project%\.mvn\wrapper\maven-wrapper.properties") do set "mvnw_%%a=%%b"
set "mvnw_name=apache-maven-%mvnw_distributionVersion%-%mvnw_distributionSha512Sum:~0,12%"

set "mvnw_home=%USERPROFILE%\.m2"
if defined MAVEN_USER_HOME set "mvnw_home=%MAVEN_USER_HOME%"

call :find
if defined mvnw_maven goto run

"%mvnw_java%" --list-modules 2>nul | findstr /r /b /c:"jdk\.compiler@1[7-9]" /c:"jdk\.compiler@[2-9][0-9]" >nul
if errorlevel 1 (
	echo mvnw: "%mvnw_java%" is not a JDK, 17 or newer: set JAVA_HOME to the folder of one.>&2
	exit /b 1
)
"%mvnw_java%" %MAVEN_OPTS% "%mvnw_project%\.mvn\wrapper\MavenInstaller.java" "%mvnw_name%" "%mvnw_project%\.mvn" "%mvnw_home%" %*
if errorlevel 1 exit /b 1
call :find
if not defined mvnw_maven exit /b 1

:run
rem Without "call", which would double each caret in the arguments; it does not come back.
"%mvnw_maven%" %*

:find
set "mvnw_maven="
for %%d in ("%mvnw_home%" "%mvnw_project%\.mvn") do if not defined mvnw_maven if exist "%%~d\wrapper\dists\%mvnw_name%\bin\mvn.cmd" set "mvnw_maven=%%~d\wrapper\dists\%mvnw_name%\bin\mvn.cmd"
exit /b 0
