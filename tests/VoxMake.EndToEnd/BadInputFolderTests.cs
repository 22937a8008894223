namespace VoxMake.EndToEnd;

/// <summary>Folders that hold nothing, or things that are no recordings.</summary>
public class BadInputFolderTests
{
    [Fact]
    public void An_empty_folder_ends_with_the_field_that_names_it()
    {
        using var voice = new Voice();
        Directory.CreateDirectory(Path.Combine(voice.Root, "recordings"));
        File.WriteAllText(voice.PathOf("metadata.csv"), "a|b|c\n");
        var said = voice.Try().With(code: 2).Out;
        Assert.Contains("failed  Fetch: vox-fetch folder cannot work with its input or settings\n"
            + "  source.path: the source folder holds no file, expected recordings\n"
            + "  put recordings (wav, flac, mp3, …) into it, or name another folder\n", said);
        Assert.Contains("  go on:    ./build.sh --config=configs/voice.yaml --target=Report\n", said);
    }

    [Fact]
    public void A_folder_with_nothing_usable_never_goes_on_with_an_empty_list()
    {
        using var voice = new Voice(clips: 2);
        foreach (var file in Directory.GetFiles(voice.PathOf("recordings"))) File.WriteAllText(file, "words");
        var said = voice.Try().With(code: 1).Out;
        Assert.Contains("failed  Extract: no item is left (2 rejected)\n  2 × not_audio: clip000: the file is text (it begins 'words'), not audio\n", said);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out/voice/Dataset")));
    }

    [Fact]
    public void Links_in_a_circle_dangling_links_and_pipes_are_left_out_by_name()
    {
        using var voice = new Voice(clips: 2);
        var recordings = Path.Combine(voice.Root, "recordings");
        File.CreateSymbolicLink(Path.Combine(recordings, "around"), ".");
        File.CreateSymbolicLink(Path.Combine(recordings, "above"), "../recordings");
        File.CreateSymbolicLink(Path.Combine(recordings, "itself.wav"), "itself.wav");
        File.CreateSymbolicLink(Path.Combine(recordings, "dangling.wav"), "nowhere.wav");
        Assert.True(Vox.Does("mkfifo", Path.Combine(recordings, "pipe.wav")));
        var said = voice.Try("--target=Dataset").With(code: 0).Out;
        foreach (var link in new[] { "around", "above" }) Assert.Contains($"warning  {recordings}/{link} is left out: a link leads back up to a folder that it lies in\n", said);
        foreach (var file in new[] { "itself.wav", "dangling.wav", "pipe.wav" }) Assert.Contains($"warning  {recordings}/{file} is left out: it is no file (a link that leads nowhere, a pipe or a device)\n", said);
        Assert.Equal(["clip000", "clip001"], voice.Splits().Keys.Order());
    }

    [SkippableFact]
    public void A_file_that_may_not_be_read_is_named_with_the_remedy()
    {
        Skip.If(Environment.UserName == "root", "root may read everything");
        using var voice = new Voice(clips: 2);
        var file = voice.PathOf("recordings/clip001.wav");
        File.SetUnixFileMode(file, UnixFileMode.None);
        Assert.Equal($"vox: {file}: this file may not be read\n  allow it (chmod u+r), or take the file out of the folder\n", voice.Try().With(code: 2).Error);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        voice.Build();
    }

    [Fact]
    public void An_edit_with_an_unknown_field_is_told_and_not_applied()
    {
        using var voice = new Voice(clips: 2);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(voice.PathOf("recordings/clip000.wav"))));
        File.WriteAllText(voice.PathOf("configs/edits/mine.csv"), $"id,audio_sha256,field,old,new\nclip000,{digest},txet,a,b\nclip001,123,drop,,\n");
        var said = voice.Try("--target=Dataset").With(code: 0).Out;
        Assert.Contains("warning  Review: mine.csv:2: not applied (bad_row): field is 'txet', expected keep, drop, undecided, text or speaker\n", said);
        Assert.Contains("warning  Review: mine.csv:3: not applied (bad_row): audio_sha256 is '123', expected 64 hexadecimal digits\n", said);
        Assert.Equal(2, voice.Splits().Count);

        File.WriteAllText(voice.PathOf("configs/edits/mine.csv"), "id,audio,field,old,new\n");
        Assert.Contains("  mine.csv:1: the header names no column 'audio_sha256'\n  the first line of an edits file is id,audio_sha256,field,old,new (further columns may follow)\n", voice.Try().With(code: 2).Out);
    }
}
