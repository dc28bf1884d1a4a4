package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"zhendi/internal/diag"
	"zhendi/internal/publish"
)

var keyCommand = command{
	name:  "key",
	about: diag.T("生成清单的签名密钥", "make a key that signs manifests"),
	usage: keyUsage,
	run:   runKey,
}

var keyUsage = diag.T(`用法：zhendi key 文件

生成一对 ed25519 密钥：私钥写入文件（只有本人可读，不覆盖已有的文件），公钥显示出来，写进 site.yaml 的
targets.名称.key。发布时把私钥文件的路径放进环境变量 ZHENDI_SIGN_KEY_FILE，不要放进网站文件夹或代码仓库。

退出状态：
    0 完成   1 无法完成   2 用法有误`,
	`usage: zhendi key FILE

Makes an ed25519 key pair: the private key goes into the file (for you alone; no file is written over), the public
one is printed, for targets.NAME.key in site.yaml. For publishing, name the file in ZHENDI_SIGN_KEY_FILE; keep
it out of the site's folder and repository.

exit status:
    0 done   1 could not do it   2 used wrongly`)

func runKey(e *env, args []string) int {
	f := flag.NewFlagSet("key", flag.ContinueOnError)
	if code, ok := e.flagsAndArgs(f, keyUsage, args, 1); !ok {
		return code
	}
	if f.NArg() == 0 {
		e.complain(diag.T("要写明私钥的文件", "name the file of the private key"))
		e.hint(diag.T("例如 zhendi key ~/zhendi.pem", "for example zhendi key ~/zhendi.pem"))
		return exitUsage
	}
	private, public, publicPEM, err := publish.NewKey()
	if err != nil {
		return e.fail(err)
	}
	out, err := os.OpenFile(f.Arg(0), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		e.complain(diag.T(f.Arg(0)+" 已经存在，没有覆盖", f.Arg(0)+" exists and was not written over"))
		return exitFailed
	}
	if err == nil {
		_, err = out.Write(private)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		return e.fail(err)
	}
	fmt.Fprintf(e.stdout, "key: %s\n%s", public, publicPEM)
	return exitDone
}
