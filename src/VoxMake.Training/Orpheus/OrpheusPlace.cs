using System.Globalization;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;

namespace VoxMake.Training.Orpheus;

/// <summary>Where one of several processes stands: its number, where all meet, and how it calculates. Rank 0 hands it to each process that it starts, in <see cref="Variable"/>.</summary>
/// <param name="Rank">From 0.</param>
/// <param name="Size">Number of processes.</param>
/// <param name="Precision"><c>fp32</c> or <c>bf16</c>.</param>
/// <param name="Threads">Threads inside an operator.</param>
public sealed record OrpheusPlace(int Rank, int Size, Meeting Meeting, Device Device, string Precision, int Threads)
{
    /// <summary>The variable of the environment that tells a process that it is not the first.</summary>
    public const string Variable = "VOX_TRAIN_PLACE";

    /// <summary>The longest that processes wait for one another. A process that dies is noticed at once over Gloo; this is for one that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>What the environment says; null in a process that nobody started for this.</summary>
    /// <exception cref="FormatException">The variable makes no sense.</exception>
    public static OrpheusPlace? OfEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Parse(text) : null;

    /// <exception cref="FormatException">It is not what <see cref="ToString"/> writes.</exception>
    public static OrpheusPlace Parse(string text)
    {
        if (text.Split(' ') is [var rank, var size, var meeting, var device, ("fp32" or "bf16") and var precision, var threads] && Device.TryParse(device, out var where)
            && new OrpheusPlace(Whole(rank), Whole(size), Meeting.Parse(meeting), where, precision, Whole(threads)) is { Threads: > 0 } place && place.Rank < place.Size)
            return place;
        throw new FormatException($"{Variable} is '{text}', which is no place among several processes; it is set by vox-train itself");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rank} {Size} {Meeting} {Device} {Precision} {Threads}");

    /// <summary>Joins the others; returns when all have come.</summary>
    /// <exception cref="Torch.Native.TorchException">Somebody did not come.</exception>
    internal ProcessGroup Join() => ProcessGroup.Open(Device.Type == Device.Cpu.Type ? "gloo" : "nccl", Meeting, Rank, Size, Patience);

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
