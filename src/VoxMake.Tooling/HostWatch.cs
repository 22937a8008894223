namespace VoxMake.Tooling;

/// <summary>Notices that the host is gone. It never writes to our standard input, it only holds it open while it lives; SIGKILL closes it too.</summary>
/// <param name="input">Standard input.</param>
/// <param name="patience">How long the verb may take to stop.</param>
/// <param name="stop">Asks the verb to stop.</param>
/// <param name="exit">Ends the process, should the verb not have stopped by then.</param>
internal sealed class HostWatch(Stream input, TimeSpan patience, Action stop, Action exit)
{
    public void Start() => new Thread(Watch) { IsBackground = true, Name = "host watch" }.Start();

    private void Watch()
    {
        Span<byte> nothing = stackalloc byte[16];
        while (input.Read(nothing) > 0) { }
        stop();
        Thread.Sleep(patience);
        exit();
    }
}
